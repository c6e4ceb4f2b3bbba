"""Prints the hook's own time of each decision in a running stack, in microseconds, in the order of the decisions.

usage: hook_times.py STACK_JSON LOG_GROUP
"""

import json
import sys

import boto3

stack = json.load(open(sys.argv[1], encoding="utf-8"))
logs = boto3.client(
    "logs",
    endpoint_url=stack["aws_endpoint"],
    region_name=stack["region"],
    aws_access_key_id=stack["access_key_id"],
    aws_secret_access_key=stack["secret_access_key"],
)
for page in logs.get_paginator("filter_log_events").paginate(logGroupName=sys.argv[2]):
    for event in page["events"]:
        for line in event["message"].splitlines():
            if '"own_microseconds"' in line:
                print(json.loads(line[line.index("{") :])["own_microseconds"])
