"""Deploys a stack that is like that of the provisioning module of CMS 2.1.5, and fills its tables as that module does.

usage: cms_stack.py STACK_JSON APP

Prints JSON: the stack's name, its tables, and the VINs by what the rows say of them. Written from a description of the
module's behaviour; shares no code with it.
"""

import json
import sys

import boto3

stack_json = json.load(open(sys.argv[1], encoding="utf-8"))
app = sys.argv[2]
session = boto3.Session(
    aws_access_key_id=stack_json["access_key_id"],
    aws_secret_access_key=stack_json["secret_access_key"],
    region_name=stack_json["region"],
)


def client(service):
    return session.client(service, endpoint_url=stack_json["aws_endpoint"])


NAME = f"{app}-module-of-before"
TEMPLATE_NAME = f"{app}--provisioning-template"
SECRET = f"{app}/cms-provisioning/provisioning-credentials"

CREDENTIALS = '''
import json, os, urllib.request
import boto3

def handler(event, context):
    iot, secrets = boto3.client("iot"), boto3.client("secretsmanager")
    answer = {key: event[key] for key in ("StackId", "RequestId", "LogicalResourceId")}
    answer.update(Status="SUCCESS", PhysicalResourceId="credentials")
    try:
        if event["RequestType"] == "Create":
            iot.update_event_configurations(eventConfigurations={"THING": {"Enabled": True}})
            made = iot.create_keys_and_certificate(setAsActive=False)
            made.pop("ResponseMetadata")
            iot.delete_certificate(certificateId=made["certificateId"])
            secrets.create_secret(Name=os.environ["SECRET"], SecretString=json.dumps(made))
            answer["Data"] = {"CertificatePem": made["certificatePem"]}
        elif event["RequestType"] == "Delete":
            policy = event["ResourceProperties"]["Policy"]
            for target in iot.list_targets_for_policy(policyName=policy)["targets"]:
                iot.detach_policy(policyName=policy, target=target)
                certificate = target.rsplit("/", 1)[-1]
                iot.update_certificate(certificateId=certificate, newStatus="INACTIVE")
                iot.delete_certificate(certificateId=certificate, forceDelete=True)
        else:
            answer["Data"] = {"CertificatePem": json.loads(secrets.get_secret_value(SecretId=os.environ["SECRET"])["SecretString"])["certificatePem"]}
    except Exception as error:
        answer.update(Status="FAILED", Reason=str(error))
    body = json.dumps(answer).encode()
    urllib.request.urlopen(urllib.request.Request(event["ResponseURL"], data=body, method="PUT", headers={"content-type": ""}))
'''

HOOK = '''
import os
import boto3

def handler(event, context):
    tables = boto3.resource("dynamodb")
    vin = "".join(letter for letter in event["parameters"]["vin"] if letter.isalnum()).upper()
    known = tables.Table(os.environ["AUTHORIZED"]).get_item(Key={"vin": vin}).get("Item", {})
    allowed = bool(known.get("allow_provisioning"))
    unknown = "AUTHORIZED_VEHICLE_NOT_FOUND"
    tables.Table(os.environ["PROVISIONED"]).put_item(Item={
        "vin": vin, "certificate_id": event["certificateId"], "make": known.get("make", unknown),
        "model": known.get("model", unknown), "year": known.get("year", unknown), "region": os.environ["AWS_REGION"],
        "thing_name": "Vehicle_" + vin, "certificate_status": "PENDING_ACTIVATION" if allowed else "DELETED",
        "has_vehicle_connected_once": False,
    })
    return {"allowProvisioning": allowed, "parameterOverrides": {}}
'''

REGISTERED = '''
import os
import boto3

def handler(event, context):
    attributes = event.get("attributes", {})
    if event.get("operation") == "DELETED" or attributes.get("provisioned_by_template") != os.environ["TEMPLATE"]:
        return
    boto3.resource("dynamodb").Table(os.environ["PROVISIONED"]).update_item(
        Key={"vin": attributes["vin"], "certificate_id": attributes["certificate_id"]},
        UpdateExpression="SET certificate_status = :active", ExpressionAttributeValues={":active": "ACTIVE"})
'''


def ref(name):
    return {"Ref": name}


def arn(name):
    return {"Fn::GetAtt": [name, "Arn"]}


def sub(text):
    return {"Fn::Sub": text}


def table(key, keys):
    return {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name, _ in keys],
            "KeySchema": [{"AttributeName": name, "KeyType": kind} for name, kind in keys],
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
            "SSESpecification": {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": arn(key)},
        },
    }


def key():
    statement = {"Effect": "Allow", "Principal": {"AWS": sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root")}}
    statement.update({"Action": "kms:*", "Resource": "*"})
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    return {"Type": "AWS::KMS::Key", "Properties": {"EnableKeyRotation": True, "KeyPolicy": policy}}


def role(service, actions):
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    may = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
            "Policies": [{"PolicyName": "may", "PolicyDocument": {"Version": "2012-10-17", "Statement": [may]}}],
        },
    }


def function(code, role_name, variables):
    return {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Runtime": "python3.11",
            "Handler": "index.handler",
            "Timeout": 60,
            "Role": arn(role_name),
            "Code": {"ZipFile": code},
            "Environment": {"Variables": variables},
        },
    }


def may_invoke(name):
    properties = {"FunctionName": arn(name), "Action": "lambda:InvokeFunction", "Principal": "iot.amazonaws.com"}
    return {"Type": "AWS::Lambda::Permission", "Properties": properties}


def iot(kind, name):
    return sub("arn:${AWS::Partition}:iot:${AWS::Region}:${AWS::AccountId}:" + f"{kind}/{name}")


def allow(actions, *resources):
    return {"Effect": "Allow", "Action": actions, "Resource": list(resources)}


VEHICLE_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": ["iot:Subscribe", "iot:Receive"], "Resource": "*"},
        {
            "Effect": "Allow",
            "Action": "iot:Publish",
            "Resource": ["arn:aws:iot:*:*:topic/vehicle/*", "arn:aws:iot:*:*:topic/vehicleactive/*"],
        },
        {"Effect": "Allow", "Action": "iot:Connect", "Resource": "arn:aws:iot:*:*:client/${iot:Connection.Thing.ThingName}"},
    ],
}

PROVISIONING_TEMPLATE = {
    "Parameters": {"AWS::IoT::Certificate::Id": {"Type": "String"}, "vin": {"Type": "String"}},
    "Resources": {
        "thing": {
            "Type": "AWS::IoT::Thing",
            "Properties": {
                "ThingName": {"Fn::Join": ["", ["Vehicle_", {"Ref": "vin"}]]},
                "AttributePayload": {
                    "vin": {"Ref": "vin"},
                    "certificate_id": {"Ref": "AWS::IoT::Certificate::Id"},
                    "provisioned_by_template": TEMPLATE_NAME,
                },
            },
            "OverrideSettings": {"AttributePayload": "MERGE", "ThingTypeName": "REPLACE", "ThingGroups": "DO_NOTHING"},
        },
        "certificate": {
            "Type": "AWS::IoT::Certificate",
            "Properties": {"CertificateId": {"Ref": "AWS::IoT::Certificate::Id"}, "Status": "Active"},
            "OverrideSettings": {"Status": "REPLACE"},
        },
        "policy": {"Type": "AWS::IoT::Policy", "Properties": {"PolicyDocument": json.dumps(VEHICLE_POLICY)}},
    },
}

PROVISION = f"$aws/provisioning-templates/{TEMPLATE_NAME}/provision/*"
TABLES = {"AUTHORIZED": ref("AuthorizedVehicles"), "PROVISIONED": ref("ProvisionedVehicles")}
TEMPLATE = {
    "Description": "Like the provisioning module of CMS",
    "Resources": {
        "AuthorizedVehiclesKey": key(),
        "ProvisionedVehiclesKey": key(),
        "AuthorizedVehicles": table("AuthorizedVehiclesKey", [("vin", "HASH")]),
        "ProvisionedVehicles": table("ProvisionedVehiclesKey", [("vin", "HASH"), ("certificate_id", "RANGE")]),
        "FunctionRole": role("lambda.amazonaws.com", ["dynamodb:*", "kms:*", "iot:*", "secretsmanager:*", "logs:*"]),
        "ProvisioningRole": role("iot.amazonaws.com", ["iot:*"]),
        "Hook": function(HOOK, "FunctionRole", TABLES),
        "HookPermission": may_invoke("Hook"),
        "Registered": function(REGISTERED, "FunctionRole", {**TABLES, "TEMPLATE": TEMPLATE_NAME}),
        "RegisteredPermission": may_invoke("Registered"),
        "RegisteredRule": {
            "Type": "AWS::IoT::TopicRule",
            "Properties": {
                "TopicRulePayload": {
                    "Sql": "SELECT * FROM '$aws/events/thing/+/+'",
                    "Actions": [{"Lambda": {"FunctionArn": arn("Registered")}}],
                }
            },
        },
        "ProvisioningTemplate": {
            "Type": "AWS::IoT::ProvisioningTemplate",
            "DependsOn": "HookPermission",
            "Properties": {
                "TemplateName": TEMPLATE_NAME,
                "Enabled": True,
                "ProvisioningRoleArn": arn("ProvisioningRole"),
                "PreProvisioningHook": {"PayloadVersion": "2020-04-01", "TargetArn": arn("Hook")},
                "TemplateBody": json.dumps(PROVISIONING_TEMPLATE),
            },
        },
        "ClaimPolicy": {
            "Type": "AWS::IoT::Policy",
            "Properties": {
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {"Effect": "Allow", "Action": "iot:Connect", "Resource": "*"},
                        allow(
                            ["iot:Publish", "iot:Receive"],
                            iot("topic", "$aws/certificates/create/*"),
                            iot("topic", PROVISION),
                        ),
                        allow(
                            ["iot:Subscribe"],
                            iot("topicfilter", "$aws/certificates/create/*"),
                            iot("topicfilter", PROVISION),
                        ),
                    ],
                }
            },
        },
        "CredentialsFunction": function(CREDENTIALS, "FunctionRole", {"SECRET": SECRET}),
        "Credentials": {
            "Type": "Custom::LoadOrCreateCredentials",
            "Properties": {"ServiceToken": arn("CredentialsFunction"), "Policy": ref("ClaimPolicy")},
        },
        "ClaimCertificate": {
            "Type": "AWS::IoT::Certificate",
            "Properties": {
                "CertificatePem": {"Fn::GetAtt": ["Credentials", "CertificatePem"]},
                "CertificateMode": "SNI_ONLY",
                "Status": "ACTIVE",
            },
        },
        "ClaimAttachment": {
            "Type": "AWS::IoT::PolicyPrincipalAttachment",
            "Properties": {"PolicyName": ref("ClaimPolicy"), "Principal": arn("ClaimCertificate")},
        },
    },
    "Outputs": {"Authorized": {"Value": ref("AuthorizedVehicles")}, "Provisioned": {"Value": ref("ProvisionedVehicles")}},
}


def deploy():
    cloudformation = client("cloudformation")
    cloudformation.create_stack(StackName=NAME, TemplateBody=json.dumps(TEMPLATE), Capabilities=["CAPABILITY_IAM"])
    try:
        cloudformation.get_waiter("stack_create_complete").wait(
            StackName=NAME, WaiterConfig={"Delay": 1, "MaxAttempts": 90}
        )
    except Exception:
        for event in cloudformation.describe_stack_events(StackName=NAME)["StackEvents"]:
            if event["ResourceStatus"].endswith("FAILED"):
                print(event["LogicalResourceId"], event.get("ResourceStatusReason"), file=sys.stderr)
        raise
    outputs = cloudformation.describe_stacks(StackName=NAME)["Stacks"][0]["Outputs"]
    return {output["OutputKey"]: output["OutputValue"] for output in outputs}


def fill(tables):
    """The rows that the module and its tools leave, the odd ones too."""
    dynamodb = session.resource("dynamodb", endpoint_url=stack_json["aws_endpoint"])
    authorized, provisioned = dynamodb.Table(tables["Authorized"]), dynamodb.Table(tables["Provisioned"])
    vins = {"authorized": [], "active": [], "unknown": [], "half_empty": []}
    unknown = "AUTHORIZED_VEHICLE_NOT_FOUND"

    def certificate(vin, number, status, make, connected):
        thing = f"Vehicle_{vin}"
        row = {"vin": vin, "certificate_id": f"{number:064x}", "certificate_status": status, "thing_name": thing}
        row.update(make=make, model=make, year=make, region=stack_json["region"], has_vehicle_connected_once=connected)
        provisioned.put_item(Item=row)

    for number in range(60):
        vin = f"EX1ST1NG{number:09}"
        if number % 4 == 3:
            # Denied again and again, because nobody knew it.
            for attempt in range(3):
                certificate(vin, number * 10 + attempt, "DELETED", unknown, False)
            vins["unknown"].append(vin)
            continue
        row = {"vin": vin, "make": "Nordwerk", "model": "Tind", "year": "2024", "allow_provisioning": True}
        if number % 4 == 2:
            # A message with a victim's VIN left a row that is half empty; the authorization was written by hand.
            provisioned.put_item(Item={"vin": vin, "certificate_id": "made up", "has_vehicle_connected_once": True})
            row = {"vin": vin, "allow_provisioning": True}
            vins["half_empty"].append(vin)
        elif number % 4 == 1:
            certificate(vin, number * 10, "DELETED", "Nordwerk", True)
            certificate(vin, number * 10 + 1, "ACTIVE", "Nordwerk", True)
            vins["active"].append(vin)
        else:
            vins["authorized"].append(vin)
        authorized.put_item(Item=row)
    return vins


tables = deploy()
print(json.dumps({"stack": NAME, "secret": SECRET, "template": TEMPLATE_NAME, **tables, "vins": fill(tables)}))
