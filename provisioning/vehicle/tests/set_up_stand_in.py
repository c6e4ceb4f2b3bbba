"""Prepares a running stand-in for the vehicle's tests, by the ordinary AWS API.

usage: set_up_stand_in.py ENDPOINT MQTT_PORT FOLDER

Makes a claim certificate with the policy a claim has, another with the policy that CMS gives its claims, a vehicle
policy, and a provisioning template whose hook denies every VIN that begins with DENIED and thinks for three seconds about
one that begins with SLOW. Writes into FOLDER: stack.json (as tools of this project read it), root_ca.pem, claim.json and
cms_claim.json (the claim secrets' texts). Credentials and region come from the usual AWS variables.
"""

import io
import json
import os
import sys
import urllib.request
import zipfile

import boto3

HOOK = """
import time

def handler(event, context):
    if event["parameters"]["vin"].startswith("SLOW"):
        time.sleep(3)
    return {"allowProvisioning": not event["parameters"]["vin"].startswith("DENIED"), "parameterOverrides": {}}
"""
TEMPLATE_NAME = "vehicle-tests"
CLAIM_SECRET = "vehicle-tests/claim"


def statement(actions, resources):
    return {"Effect": "Allow", "Action": actions, "Resource": resources}


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def role(iam, name, service, permissions):
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust))
    iam.put_role_policy(RoleName=name, PolicyName="all-it-needs", PolicyDocument=policy(permissions))
    return made["Role"]["Arn"]


def write_private(path, text):
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)


def main(endpoint, mqtt_port, folder):
    region = os.environ["AWS_REGION"]

    def client(service):
        return boto3.client(service, endpoint_url=endpoint, region_name=region)

    iot, iam, functions = client("iot"), client("iam"), client("lambda")
    account = client("sts").get_caller_identity()["Account"]
    cms_topics = ["$aws/certificates/create/*", f"$aws/provisioning-templates/{TEMPLATE_NAME}/provision/*"]
    topics = [*cms_topics, "$aws/certificates/create-from-csr/*"]
    arn = f"arn:aws:iot:{region}:{account}"

    def claim(policy_name, topics):
        iot.create_policy(
            policyName=policy_name,
            policyDocument=policy(
                statement("iot:Connect", "*"),
                statement(["iot:Publish", "iot:Receive"], [f"{arn}:topic/{topic}" for topic in topics]),
                statement("iot:Subscribe", [f"{arn}:topicfilter/{topic}" for topic in topics]),
            ),
        )
        made = iot.create_keys_and_certificate(setAsActive=True)
        iot.attach_policy(policyName=policy_name, target=made["certificateArn"])
        parts = ("certificateArn", "certificateId", "certificatePem", "keyPair")
        return json.dumps({part: made[part] for part in parts})

    secret = claim("vehicle-tests-claim", topics)
    thing = "${iot:Connection.Thing.ThingName}"
    iot.create_policy(
        policyName="vehicle-tests-vehicle",
        policyDocument=policy(
            statement("iot:Connect", f"{arn}:client/{thing}"),
            statement("iot:Publish", f"{arn}:topic/vehicleactive/*"),
        ),
    )
    client("secretsmanager").create_secret(Name=CLAIM_SECRET, SecretString=secret)

    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as contents:
        contents.writestr("hook.py", HOOK)
    hook = functions.create_function(
        FunctionName="vehicle-tests-hook",
        Runtime="python3.12",
        Handler="hook.handler",
        Timeout=10,
        Role=role(iam, "vehicle-tests-hook", "lambda.amazonaws.com", statement("logs:*", "*")),
        Code={"ZipFile": archive.getvalue()},
    )
    functions.add_permission(
        FunctionName="vehicle-tests-hook",
        StatementId="provisioning",
        Action="lambda:InvokeFunction",
        Principal="iot.amazonaws.com",
        SourceAccount=account,
    )
    iot.create_provisioning_template(
        templateName=TEMPLATE_NAME,
        enabled=True,
        provisioningRoleArn=role(iam, "vehicle-tests-provisioning", "iot.amazonaws.com", statement("iot:*", "*")),
        preProvisioningHook={"targetArn": hook["FunctionArn"]},
        templateBody=json.dumps(
            {
                "Parameters": {"vin": {"Type": "String"}, "AWS::IoT::Certificate::Id": {"Type": "String"}},
                "Resources": {
                    "thing": {
                        "Type": "AWS::IoT::Thing",
                        "Properties": {"ThingName": {"Fn::Join": ["", ["Vehicle_", {"Ref": "vin"}]]}},
                    },
                    "certificate": {
                        "Type": "AWS::IoT::Certificate",
                        "Properties": {"CertificateId": {"Ref": "AWS::IoT::Certificate::Id"}, "Status": "Active"},
                    },
                    "policy": {"Type": "AWS::IoT::Policy", "Properties": {"PolicyName": "vehicle-tests-vehicle"}},
                },
            }
        ),
    )

    root_ca = os.path.join(folder, "root_ca.pem")
    with urllib.request.urlopen(f"{endpoint}/_ministack/iot/ca.pem", timeout=10) as answer:
        write_private(root_ca, answer.read().decode())
    write_private(os.path.join(folder, "claim.json"), secret)
    write_private(os.path.join(folder, "cms_claim.json"), claim("vehicle-tests-cms-claim", cms_topics))
    stack = {
        "aws_endpoint": endpoint,
        "region": region,
        "access_key_id": os.environ["AWS_ACCESS_KEY_ID"],
        "secret_access_key": os.environ["AWS_SECRET_ACCESS_KEY"],
        "mqtt_host": "localhost",
        "mqtt_port": int(mqtt_port),
        "root_ca": root_ca,
        "claim_secret_id": CLAIM_SECRET,
        "template_name": TEMPLATE_NAME,
    }
    write_private(os.path.join(folder, "stack.json"), json.dumps(stack))


main(*sys.argv[1:])
