"""Lists what a deployment has in its account, one "kind name" a line: left_overs.py STACK_JSON APP

What is not listed is not looked for: the kinds are those that the CloudFormation template makes.
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


def client(service):
    return session.client(service, endpoint_url=stack["aws_endpoint"])


def names(service, operation, items, name):
    for page in client(service).get_paginator(operation).paginate():
        for item in page[items]:
            yield item[name] if name else item


ours = lambda name: app in name.lower()
found = [
    ("table", names("dynamodb", "list_tables", "TableNames", None)),
    ("function", names("lambda", "list_functions", "Functions", "FunctionName")),
    ("role", names("iam", "list_roles", "Roles", "RoleName")),
    ("user", names("iam", "list_users", "Users", "UserName")),
    ("secret", names("secretsmanager", "list_secrets", "SecretList", "Name")),
    ("rule", names("iot", "list_topic_rules", "rules", "ruleName")),
    ("iot-policy", names("iot", "list_policies", "policies", "policyName")),
    ("template", names("iot", "list_provisioning_templates", "templates", "templateName")),
    ("log-group", names("logs", "describe_log_groups", "logGroups", "logGroupName")),
    ("alarm", names("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName")),
    ("queue", (url.rsplit("/", 1)[-1] for url in client("sqs").list_queues().get("QueueUrls", []))),
    ("bucket", (bucket["Name"] for bucket in client("s3").list_buckets()["Buckets"])),
    ("certificate", names("iot", "list_certificates", "certificates", "certificateId")),
]
for kind, listed in found:
    for name in listed:
        # Certificates have no names to know them by, so all of the account count.
        if kind == "certificate" or ours(name):
            print(kind, name)
