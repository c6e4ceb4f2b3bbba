"""Metric alarms that look at their own metric, by themselves.

Why: ministack evaluates alarms only when somebody calls PutMetricData, over all dimensions of the metric together and
its whole time as one period, and never when data stop.

AWS (CloudWatch user guide, "Using alarms"): every period of EvaluationPeriods is one data point of the metric with
exactly the alarm's dimensions; as many as DatapointsToAlarm that breach the threshold are ALARM; a period without
data is treated as TreatMissingData says (missing, notBreaching, breaching, ignore).

Here the running period counts from its first point on, so that an alarm is seen within seconds, and an alarm lasts
until the period that raised it and the next are over. Alarms on expressions
(`Metrics`) and on anomaly bands stay ministack's. The metrics themselves are ministack's too: it has AWS/Lambda's,
and none of AWS/IoT or AWS/SQS.
"""

import logging
import math
import time

from ministack.core.responses import request_scope
from ministack.services import cloudwatch

from stand_in import background
from stand_in.seams import attribute, seam, wrap

logger = logging.getLogger("stand_in")

SECONDS_BETWEEN_LOOKS = 2
BREACHES = {
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}

alarms = attribute(cloudwatch, "_alarms")
metrics = attribute(cloudwatch, "_metrics")
statistics_of = seam(cloudwatch, "_calc_stats", "points")
value_of = seam(cloudwatch, "_stat_value", "stats", "stat_name", "points")
key_of_dimensions = seam(cloudwatch, "_dims_key", "dims")
note = seam(
    cloudwatch, "_record_history", "alarm_name", "old_state", "new_state", "reason", "alarm_type", "reason_data"
)
act = seam(cloudwatch, "_dispatch_alarm_actions", "alarm", "old_state", "new_state", "reason")
tell_parents = seam(cloudwatch, "_evaluate_parent_alarms", "child", "seen")


@wrap(cloudwatch, "_evaluate_alarm", "alarm")
def _(original):
    def evaluate(alarm):
        if not alarm.get("MetricName") or alarm.get("ComparisonOperator") not in BREACHES:
            return original(alarm)
        period, now = alarm.get("Period") or 60, time.time()
        # What came in at the very end of a period must not be lost when the next begins.
        running, complete = state_of(alarm, now), state_of(alarm, now - period)
        state, reason = complete if complete[0] == "ALARM" else running
        former = alarm["StateValue"]
        if state in (None, former):
            return None
        alarm["StateValue"], alarm["StateReason"] = state, reason
        alarm["StateUpdatedTimestamp"] = int(time.time())
        note(alarm["AlarmName"], former, state, reason)
        act(alarm, former, state, reason)
        return tell_parents(alarm)

    return evaluate


def state_of(alarm, now):
    """The state an alarm is in by the periods up to the one `now` is in, and why; None for one that stays as it is."""
    values = data_points(alarm, now)
    known = [value for value in values if value is not None]
    treat = alarm.get("TreatMissingData") or "missing"
    breaches, threshold = BREACHES[alarm["ComparisonOperator"]], alarm["Threshold"]
    breaching = sum(breaches(value, threshold) for value in known)
    if treat == "breaching":
        breaching += len(values) - len(known)
    needed = alarm.get("DatapointsToAlarm") or len(values)
    told = f"{breaching} of {len(values)} datapoints {known} were {alarm['ComparisonOperator']} {threshold}"
    if breaching >= needed:
        return "ALARM", f"Threshold Crossed: {told}."
    if not known and treat == "missing":
        return "INSUFFICIENT_DATA", f"Insufficient Data: {len(values)} datapoints were unknown."
    if not known and treat == "ignore":
        return None, ""
    return "OK", f"Threshold Crossed: {told}."


def data_points(alarm, now):
    """The metric's value in each of the periods that count, the latest first. None where there is none."""
    dimensions = {one["Name"]: one["Value"] for one in alarm.get("Dimensions") or []}
    points = metrics.get((alarm["Namespace"], alarm["MetricName"], key_of_dimensions(dimensions))) or []
    period, statistic = alarm.get("Period") or 60, alarm.get("ExtendedStatistic") or alarm.get("Statistic") or "Average"
    end = math.floor(now / period) * period + period
    values = []
    for age in range(alarm.get("EvaluationPeriods") or 1):
        until = end - age * period
        inside = [point for point in points if until - period <= point["Timestamp"] < until]
        values.append(value_of(statistics_of(inside), statistic, inside) if inside else None)
    return values


async def evaluate_every_alarm():
    for (account, region, name), alarm in list(alarms._data.items()):
        with request_scope(account, region):
            try:
                cloudwatch._evaluate_alarm(alarm)
            except (KeyError, TypeError, ValueError):
                logger.exception("the alarm %s cannot be evaluated", name)


background.every(SECONDS_BETWEEN_LOOKS, evaluate_every_alarm)
