"""Breaks one thing of a stack, or mends it: break_stack.py STACK_JSON WHAT break | mend UNDO

`break` prints as JSON what `mend` takes as UNDO. The stack's CloudFormation resources tell what is what.
"""

import json
import sys

import boto3

stack_file, what, action = sys.argv[1:4]
undo = json.loads(sys.argv[4]) if action == "mend" else None
stack = json.load(open(stack_file, encoding="utf-8"))
session = boto3.Session(
    aws_access_key_id=stack["access_key_id"],
    aws_secret_access_key=stack["secret_access_key"],
    region_name=stack["region"],
)


def client(service):
    return session.client(service, endpoint_url=stack["aws_endpoint"])


iot = client("iot")
pages = client("cloudformation").get_paginator("list_stack_resources").paginate(StackName="cms-provisioning")
resources = {one["LogicalResourceId"]: one["PhysicalResourceId"] for page in pages for one in page["StackResourceSummaries"]}


def events(on):
    iot.update_event_configurations(eventConfigurations={"THING": {"Enabled": on}})


def rule(on):
    (iot.enable_topic_rule if on else iot.disable_topic_rule)(ruleName=resources["ThingRegisteredRule"])


def template(on):
    iot.update_provisioning_template(templateName=stack["template_name"], enabled=on)


def permission(given):
    client_of = client("lambda")
    function = resources["PreProvisioningHook"]
    if given:
        source = {operator_key: value for operator in given.get("Condition", {}).values() for operator_key, value in operator.items()}
        source = {key.lower(): value for key, value in source.items()}
        client_of.add_permission(
            FunctionName=function, StatementId=given["Sid"], Action=given["Action"],
            Principal=given["Principal"]["Service"], SourceAccount=source["aws:sourceaccount"], SourceArn=source["aws:sourcearn"],
        )
        return None
    statement = json.loads(client_of.get_policy(FunctionName=function)["Policy"])["Statement"][0]
    client_of.remove_permission(FunctionName=function, StatementId=statement["Sid"])
    return statement


def role_policy(given):
    iam, role, name = client("iam"), resources["PreProvisioningHookRole"], "pre-provisioning-hook"
    if given:
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(given))
        return None
    document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    iam.delete_role_policy(RoleName=role, PolicyName=name)
    return document


def secret(given):
    secrets, name = client("secretsmanager"), stack["claim_secret_id"]
    text = secrets.get_secret_value(SecretId=name)["SecretString"]
    secrets.put_secret_value(SecretId=name, SecretString=given or "garbage")
    return text


def claim(on):
    held = json.loads(client("secretsmanager").get_secret_value(SecretId=stack["claim_secret_id"])["SecretString"])
    iot.update_certificate(certificateId=held["certificateId"], newStatus="ACTIVE" if on else "INACTIVE")


CHANGES = {
    "events": events, "rule": rule, "template": template, "permission": permission, "role-policy": role_policy,
    "secret": secret, "claim": claim,
}
# What has no state to be kept is on or off.
result = CHANGES[what](False if action == "break" else (undo or True))
if action == "break":
    print(json.dumps(result))
