"""Calls the pre-provisioning hook of a running stack with an event: invoke_hook.py STACK_JSON EVENT_JSON"""

import json
import sys

import boto3

stack = json.load(open(sys.argv[1], encoding="utf-8"))
session = boto3.Session(
    aws_access_key_id=stack["access_key_id"],
    aws_secret_access_key=stack["secret_access_key"],
    region_name=stack["region"],
)
iot = session.client("iot", endpoint_url=stack["aws_endpoint"])
template = iot.describe_provisioning_template(templateName=stack["template_name"])
answer = session.client("lambda", endpoint_url=stack["aws_endpoint"]).invoke(
    FunctionName=template["preProvisioningHook"]["targetArn"], Payload=sys.argv[2].encode()
)
payload = answer["Payload"].read().decode()
if "FunctionError" in answer:
    sys.exit(f"the hook failed: {payload}")
print(payload)
