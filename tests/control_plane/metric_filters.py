"""Prints JSON: how many log events each metric filter of a deployment counts: metric_filters.py STACK_JSON APP

The patterns are evaluated here, as CloudWatch Logs does it for comparisons of text joined by one kind of operator.
"""

import json
import re
import sys

import boto3

stack = json.load(open(sys.argv[1], encoding="utf-8"))
app = sys.argv[2]
logs = boto3.client(
    "logs",
    endpoint_url=stack["aws_endpoint"],
    region_name=stack["region"],
    aws_access_key_id=stack["access_key_id"],
    aws_secret_access_key=stack["secret_access_key"],
)


def counts(pattern, message):
    inside = re.fullmatch(r"\{ (.*) \}", pattern).group(1)
    joined = all if "&&" in inside else any
    try:
        line = json.loads(message)
    except ValueError:
        return False
    holds = []
    for comparison in re.split(r" && | \|\| ", inside):
        field, operator, value = re.fullmatch(r'\$\.(\w+) (=|!=) "([^"]*)"', comparison).groups()
        # CloudWatch Logs finds no comparison true of a field that is not there.
        holds.append(field in line and ((line[field] == value) == (operator == "=")))
    return joined(holds)


found = {}
for page in logs.get_paginator("describe_metric_filters").paginate():
    for filter in page["metricFilters"]:
        transformation = filter["metricTransformations"][0]
        if transformation["metricNamespace"] != f"VehicleProvisioning/{app}":
            continue
        lines = []
        for events in logs.get_paginator("filter_log_events").paginate(logGroupName=filter["logGroupName"]):
            lines += [line for event in events["events"] for line in event["message"].splitlines()]
        count = sum(counts(filter["filterPattern"], line) for line in lines)
        name = transformation["metricName"]
        found[name] = found.get(name, 0) + count
print(json.dumps(found))
