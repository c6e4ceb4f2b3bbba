"""Prints JSON: a deployment's functions with their code and settings, and for how long logs are kept.

usage: deployed.py STACK_JSON APP
"""

import json
import sys

import boto3

stack = json.load(open(sys.argv[1], encoding="utf-8"))
app = sys.argv[2]
session = boto3.Session(
    aws_access_key_id=stack["access_key_id"],
    aws_secret_access_key=stack["secret_access_key"],
    region_name=stack["region"],
)


def pages(service, operation, items):
    client = session.client(service, endpoint_url=stack["aws_endpoint"])
    for page in client.get_paginator(operation).paginate():
        yield from page[items]


functions = {}
for function in pages("lambda", "list_functions", "Functions"):
    if function["FunctionName"].startswith(f"{app}-"):
        settings = {name: function[name] for name in ("Environment", "MemorySize", "Role", "Timeout")}
        functions[function["FunctionName"]] = {"code": function["CodeSha256"], "settings": json.dumps(settings, sort_keys=True)}
retention = {
    group["logGroupName"]: group.get("retentionInDays", 0)
    for group in pages("logs", "describe_log_groups", "logGroups")
    if group["logGroupName"].startswith(f"/aws/lambda/{app}-")
}
print(json.dumps({"functions": functions, "retention": retention}))
