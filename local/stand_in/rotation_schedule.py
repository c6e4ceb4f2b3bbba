"""When a secret is to be rotated next, by its RotationRules.

AWS (user guide, "Schedule expressions"): AutomaticallyAfterDays (1 to 1000) or ScheduleExpression, `rate(N hours)`
with N of at least 4, `rate(N days)` or `cron(...)` in UTC; NextRotationDate is the end of the next window. Here the
date is the moment the rotation is due; windows (Duration) are not imitated.

STAND_IN_SECONDS_PER_DAY makes a day shorter, so that a schedule can be seen to work: days and hours only, not cron.
"""

import os
import re
from datetime import datetime, timezone

from ministack.services import eventbridge

from stand_in.seams import seam

SECONDS_PER_DAY = float(os.environ.get("STAND_IN_SECONDS_PER_DAY", "86400"))
cron = seam(eventbridge, "_parse_cron_fields", "expr")
next_of_cron = seam(eventbridge, "_cron_next_fire", "fields", "after_dt")
RATE = re.compile(r"rate\((\d+) (hours?|days?)\)")


def problem(rules):
    """What is wrong with these rules, or None."""
    if not isinstance(rules, dict):
        return "RotationRules must be a structure."
    days, expression = rules.get("AutomaticallyAfterDays"), rules.get("ScheduleExpression")
    if (days is None) == (expression is None):
        return "You must specify exactly one of AutomaticallyAfterDays and ScheduleExpression."
    if days is not None:
        whole = isinstance(days, int) and not isinstance(days, bool) and 1 <= days <= 1000
        return None if whole else "AutomaticallyAfterDays must be between 1 and 1000."
    if rate := RATE.fullmatch(expression):
        enough = int(rate[1]) >= (4 if rate[2].startswith("hour") else 1)
        return None if enough else "You can't rotate a secret more often than every four hours."
    return None if cron(expression) else f"Invalid ScheduleExpression: {expression}"


def next_date(rules, after):
    """The moment, in seconds since 1970, at which a secret last rotated `after` is due. None without rules."""
    if not rules:
        return None
    days, expression = rules.get("AutomaticallyAfterDays"), rules.get("ScheduleExpression", "")
    if days is not None:
        return after + days * SECONDS_PER_DAY
    if rate := RATE.fullmatch(expression):
        return after + int(rate[1]) * SECONDS_PER_DAY / (24 if rate[2].startswith("hour") else 1)
    found = next_of_cron(cron(expression), datetime.fromtimestamp(after, timezone.utc))
    return found.timestamp() if found else None
