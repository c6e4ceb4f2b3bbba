"""Counts what a stack does: measure_calls.py STACK_JSON begin | count SINCE_MILLISECONDS

`begin` switches the account's trail on and prints the time. `count` prints as JSON what happened since: calls by service
and operation, DynamoDB's request units, the functions' invocations, milliseconds and log bytes, and the size of the rows.

Request units are computed from the calls, because nothing but AWS meters them: a consistent read of up to 4 KB is one
unit, another half a unit; a write is one unit for each begun KB, of the table and of every index once; a transaction
doubles both. That is never too little for rows that are in every index, and a little much for others.
"""

import json
import math
import sys
import time
import urllib.request

import boto3

stack_file, action = sys.argv[1:3]
stack = json.load(open(stack_file, encoding="utf-8"))
session = boto3.Session(
    aws_access_key_id=stack["access_key_id"],
    aws_secret_access_key=stack["secret_access_key"],
    region_name=stack["region"],
)
# The tables by their parts of the name, with their indexes.
INDEXES = {"AuthorizedVehicles": 2, "ProvisionedVehicles": 2, "ProvisioningAttempts": 2, "OperatorActions": 0, "ClaimCertificates": 0}


def client(service):
    return session.client(service, endpoint_url=stack["aws_endpoint"])


if action == "begin":
    switch = json.dumps({"cloudtrail._recording_enabled": True}).encode()
    request = urllib.request.Request(stack["aws_endpoint"] + "/_ministack/config", data=switch, method="POST")
    urllib.request.urlopen(request).read()
    print(int(time.time() * 1000))
    sys.exit()

since = int(sys.argv[3]) / 1000


def table_of(name):
    return next((table for table in INDEXES if table in name), name)


def size(item):
    """About what DynamoDB counts: names and values, without the marks of types."""
    if isinstance(item, dict):
        return sum((0 if key in ("S", "N", "BOOL", "M", "L") else len(key)) + size(value) for key, value in item.items())
    return sum(map(size, item)) if isinstance(item, list) else len(str(item))


def write_units(table, item):
    return math.ceil(max(size(item), 1) / 1024) * (1 + INDEXES.get(table_of(table), 0))


calls, units = {}, {"read": 0.0, "write": 0.0}
for event in (one for page in client("cloudtrail").get_paginator("lookup_events").paginate() for one in page["Events"]):
    detail = json.loads(event["CloudTrailEvent"])
    # What this program and the operator's console look up is not part of what is measured.
    happened = event["EventTime"].timestamp()
    if happened < since or "Boto3" in detail["userAgent"]:
        continue
    service, name = detail["eventSource"].split(".")[0], detail["eventName"]
    # The story reads the claim as a plant does, which needs it once for many vehicles.
    if service == "secretsmanager":
        continue
    # Of services whose operations are paths the trail here keeps the method alone: GET.iot.
    key = f"{service}:{name.removesuffix('.' + service)}"
    calls[key] = calls.get(key, 0) + 1
    asked = detail["requestParameters"] or {}
    if service != "dynamodb":
        continue
    if name in ("GetItem", "Query", "Scan"):
        units["read"] += 1 if asked.get("ConsistentRead") else 0.5
    elif name == "BatchGetItem":
        units["read"] += sum(len(keys["Keys"]) for keys in asked["RequestItems"].values())
    elif name in ("PutItem", "UpdateItem"):
        units["write"] += write_units(asked["TableName"], asked.get("Item") or asked.get("ExpressionAttributeValues", {}))
    elif name == "TransactWriteItems":
        for part in asked["TransactItems"]:
            (kind, write), = part.items()
            if kind == "ConditionCheck":
                units["write"] += 2
            else:
                units["write"] += 2 * write_units(write["TableName"], write.get("Item") or write.get("ExpressionAttributeValues", {}))

functions, logs = {}, client("logs")
configurations = client("lambda")
for group in logs.describe_log_groups(logGroupNamePrefix="/aws/lambda/cms-")["logGroups"]:
    name = group["logGroupName"].removeprefix("/aws/lambda/")
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"], startTime=int(since * 1000))
    events = [event for page in pages for event in page["events"]]
    reports = [event["message"] for event in events if event["message"].startswith("REPORT ")]
    if reports:
        functions[name.removeprefix("cms-")] = {
            "invocations": len(reports),
            "milliseconds": round(sum(float(report.split("Duration: ")[1].split(" ")[0]) for report in reports), 1),
            "memory_mb": configurations.get_function_configuration(FunctionName=name)["MemorySize"],
            "log_bytes": sum(len(event["message"]) for event in events),
        }

rows = {}
dynamodb = client("dynamodb")
for table in dynamodb.list_tables()["TableNames"]:
    items = dynamodb.scan(TableName=table)["Items"]
    rows[table_of(table)] = sum(map(size, items)) * (1 + INDEXES.get(table_of(table), 0))
print(json.dumps({"calls": calls, "request_units": units, "functions": functions, "stored_bytes": rows}))
