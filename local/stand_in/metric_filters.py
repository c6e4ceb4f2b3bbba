"""Metric filters that make metrics of log events.

Why: ministack keeps metric filters and never applies them.

AWS (CloudWatch Logs user guide, "Filter pattern syntax"): every event of the log group that matches the pattern adds
metricValue, a number or a field of the event, to the metric, with the dimensions that the event's fields give. Of the
syntax: terms (all must occur), "phrases", -excluded terms, ?alternatives, and for JSON events `{ $.a.b = "text*" }`,
`!=`, `<`, `<=`, `>`, `>=`, `IS NULL`, `IS TRUE`, `IS FALSE`, `EXISTS`, `NOT EXISTS`, joined by && or || without
nesting. Any other pattern matches nothing and is named in the log. defaultValue is not imitated.
"""

import fnmatch
import json
import logging
import math
import re

from ministack.services import cloudwatch, cloudwatch_logs

from stand_in.seams import attribute, seam, wrap

logger = logging.getLogger("stand_in")

filters = attribute(cloudwatch_logs, "_metric_filters")
record = seam(cloudwatch, "record_metric", "namespace", "metric_name", "value", "unit", "dimensions")

TERM = re.compile(r'([-?]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))')
FIELD = r"\$((?:\.[\w-]+)+)"
COMPARISON = re.compile(rf"{FIELD}\s*(=|!=|<=|>=|<|>)\s*(\"[^\"]*\"|[^\s\"&|()]+)")
STATEMENT = re.compile(rf"{FIELD}\s+(IS NULL|IS TRUE|IS FALSE|EXISTS|NOT EXISTS)")
MISSING = object()


@wrap(cloudwatch_logs, "_fanout_to_subscription_filters", "group_name", "stream_name", "events")
def _(original):
    # Every way into a log group comes past here: PutLogEvents and the functions' own output.
    def deliver(group_name, stream_name, events):
        try:
            apply(group_name, events)
        except Exception:
            logger.exception("the metric filters of %s failed", group_name)
        return original(group_name, stream_name, events)

    return deliver


def apply(group_name, events):
    for (group, _), filter_ in list(filters.items()):
        if group != group_name:
            continue
        for event in events:
            message = event.get("message", "")
            if not matches(filter_["filterPattern"], message):
                continue
            for made in filter_["metricTransformations"]:
                value = resolved(made["metricValue"], message)
                dimensions = {
                    name: resolved(field, message) for name, field in (made.get("dimensions") or {}).items()
                }
                if is_number(value) and MISSING not in dimensions.values():
                    texts = {name: str(one) for name, one in dimensions.items()}
                    unit = made.get("unit", "None")
                    record(made["metricNamespace"], made["metricName"], float(value), unit, texts)


def matches(pattern, message):
    """Whether a log event matches a filter pattern."""
    pattern = pattern.strip()
    if pattern.startswith("{") and pattern.endswith("}"):
        return matches_json(pattern[1:-1].strip(), message)
    if pattern.startswith("["):
        return unknown(pattern)
    alternatives, found = [], True
    for sign, phrase, word in TERM.findall(pattern):
        term = phrase.replace('\\"', '"') if phrase else word
        if sign == "?":
            alternatives.append(term in message)
        else:
            found = found and (term in message) != (sign == "-")
    return found and (not alternatives or any(alternatives))


def matches_json(condition, message):
    try:
        event = json.loads(message)
    except ValueError:
        return False
    if not isinstance(event, dict):
        return False
    join, parts = (any, condition.split("||")) if "||" in condition else (all, condition.split("&&"))
    if "||" in condition and "&&" in condition:
        return unknown(condition)
    return join([holds(part.strip().removeprefix("(").removesuffix(")").strip(), event) for part in parts])


def holds(part, event):
    if found := COMPARISON.fullmatch(part):
        return compares(field_of(event, found[1]), found[2], found[3])
    if found := STATEMENT.fullmatch(part):
        value = field_of(event, found[1])
        return {
            "IS NULL": value is None,
            "IS TRUE": value is True,
            "IS FALSE": value is False,
            "EXISTS": value is not MISSING,
            "NOT EXISTS": value is MISSING,
        }[found[2]]
    return unknown(part)


def compares(value, operator, literal):
    if value is MISSING:
        return False
    if operator in ("=", "!="):
        if is_number(literal) and is_number(value):
            same = float(value) == float(literal)
        else:
            same = isinstance(value, str) and fnmatch.fnmatchcase(value, literal.strip('"').replace("[", "[[]"))
        return same == (operator == "=")
    if not is_number(value) or not is_number(literal):
        return False
    left, right = float(value), float(literal)
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[operator]


def field_of(event, path):
    """The value at `.a.b`, or MISSING."""
    for name in path[1:].split("."):
        if not isinstance(event, dict) or name not in event:
            return MISSING
        event = event[name]
    return event


def resolved(text, message):
    """A metric's value or dimension: a field of the event if it names one, or the text itself."""
    if not str(text).startswith("$."):
        return text
    try:
        return field_of(json.loads(message), str(text)[1:])
    except ValueError:
        return MISSING


def is_number(value):
    try:
        return not isinstance(value, bool) and math.isfinite(float(value))
    except (TypeError, ValueError):
        return False


def unknown(pattern):
    logger.warning("the stand-in cannot read this part of a filter pattern and matches nothing: %s", pattern)
    return False
