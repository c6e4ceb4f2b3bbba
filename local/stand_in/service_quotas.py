"""Service Quotas, for AWS IoT Core's rates: what an account may ask per second.

Why: the rates are adjustable in AWS and must be read; ministack does not have the service.

AWS (JSON 1.1, target ServiceQuotasV20190624): ListServiceQuotas and GetServiceQuota tell what an account has,
ListAWSDefaultServiceQuotas and GetAWSDefaultServiceQuota what everybody has; here they are the same. Names and codes
are AWS's own; only the rates of operations that provisioning uses are here, with AWS's defaults. Changing one is not
imitated.
"""

import base64
import json

from ministack import app
from ministack.core import iam_actions, router
from ministack.core.responses import error_response_json, get_account_id, get_region, json_response

from stand_in.seams import attribute

SERVICE, CODE, NAME = "servicequotas", "iotcore", "AWS IoT Core"

# Code, name, default per second.
RATES = [
    ("L-2904683A", "AddThingToThingGroup API TPS", 100),
    ("L-CA7D4E3E", "AttachPolicy API TPS", 15),
    ("L-F64D1AA6", "AttachThingPrincipal API TPS", 100),
    ("L-01BCDDCA", "CreateCertificateFromCsr API TPS", 15),
    ("L-40B55430", "CreateKeysAndCertificate API TPS", 10),
    ("L-33A2AE15", "CreateProvisioningClaim API TPS", 10),
    ("L-64CBACAC", "CreateThing API TPS", 100),
    ("L-EEB8F0B1", "DeleteCertificate API TPS", 10),
    ("L-889800F7", "DeleteThing API TPS", 100),
    ("L-FC864907", "DescribeCertificate API TPS", 10),
    ("L-261C415C", "DescribeProvisioningTemplate API TPS", 10),
    ("L-0EF0F5EE", "DescribeThing API TPS", 350),
    ("L-EC88D510", "DetachPolicy API TPS", 15),
    ("L-B5EE4A16", "DetachThingPrincipal API TPS", 100),
    ("L-83161BB8", "Fleet Provisioning CreateCertificateFromCsr MQTT API TPS", 20),
    ("L-CAFFCA46", "Fleet Provisioning CreateKeysAndCertificate MQTT API TPS", 10),
    ("L-B2BBBD8C", "Fleet Provisioning RegisterThing MQTT API TPS", 10),
    ("L-CE45290D", "GetEffectivePolicies API TPS", 5),
    ("L-B2DA2A45", "ListAttachedPolicies API TPS", 15),
    ("L-97DA2C60", "ListCertificates API TPS", 10),
    ("L-5A0AFD83", "ListCertificatesByCA API TPS", 10),
    ("L-C481616A", "ListPrincipalThings API TPS", 10),
    ("L-D7C50543", "ListTargetsForPolicy API TPS", 10),
    ("L-FC3EF4D9", "ListThingPrincipals API TPS", 20),
    ("L-57AAC135", "ListThings API TPS", 10),
    ("L-8C0011A3", "RegisterCertificate API TPS", 10),
    ("L-4671C7C8", "RegisterCertificateWithoutCA API TPS", 10),
    ("L-C0B2EF8B", "RegisterThing API TPS", 10),
    ("L-77B523DC", "UpdateCertificate API TPS", 10),
    ("L-1FD03A8A", "UpdateProvisioningTemplate API TPS", 10),
    ("L-211F680E", "UpdateThing API TPS", 100),
]
LARGEST_PAGE = 100

attribute(router, "SERVICE_PATTERNS", dict)[SERVICE] = {
    "target_prefixes": ["ServiceQuotasV20190624"],
    "host_patterns": [r"servicequotas\."],
    "credential_scope": SERVICE,
}
attribute(iam_actions, "SERVICE_TO_IAM_NAMESPACE", dict)[SERVICE] = SERVICE


async def handle(method, path, headers, body, query_params):
    operation = headers.get("x-amz-target", "").rpartition(".")[2]
    try:
        data = json.loads(body or b"{}")
    except ValueError:
        return error_response_json("SerializationException", "Invalid JSON", 400)
    if operation not in OPERATIONS:
        return error_response_json("UnknownOperationException", f"Unknown operation: {operation}", 400)
    if data.get("ServiceCode") != CODE:
        return missing(f"The request failed because the specified service does not exist: {data.get('ServiceCode')}")
    return OPERATIONS[operation](data)


attribute(app, "SERVICE_HANDLERS", dict)[SERVICE] = handle


def quotas(account):
    return [
        {
            "ServiceCode": CODE,
            "ServiceName": NAME,
            "QuotaArn": f"arn:aws:servicequotas:{get_region()}:{account}:{CODE}/{code}",
            "QuotaCode": code,
            "QuotaName": name,
            "Value": float(rate),
            "Unit": "None",
            "Adjustable": True,
            "GlobalQuota": False,
            "Period": {"PeriodValue": 1, "PeriodUnit": "SECOND"},
        }
        for code, name, rate in RATES
    ]


def missing(message):
    return error_response_json("NoSuchResourceException", message, 400)


def page(data, every):
    try:
        start = int(base64.urlsafe_b64decode(data["NextToken"])) if data.get("NextToken") else 0
    except ValueError:
        return error_response_json("InvalidPaginationTokenException", "Invalid token was provided.", 400)
    size = data.get("MaxResults", LARGEST_PAGE)
    if not isinstance(size, int) or not 1 <= size <= LARGEST_PAGE or start < 0:
        return error_response_json("IllegalArgumentException", "Invalid MaxResults or NextToken", 400)
    answer = {"Quotas": every[start : start + size]}
    if start + size < len(every):
        answer["NextToken"] = base64.urlsafe_b64encode(str(start + size).encode()).decode()
    return json_response(answer)


def one(data, every):
    found = next((quota for quota in every if quota["QuotaCode"] == data.get("QuotaCode")), None)
    if found is None:
        return missing("The request failed because the specified quota does not exist.")
    return json_response({"Quota": found})


OPERATIONS = {
    "ListServiceQuotas": lambda data: page(data, quotas(get_account_id())),
    "GetServiceQuota": lambda data: one(data, quotas(get_account_id())),
    # A default belongs to no account.
    "ListAWSDefaultServiceQuotas": lambda data: page(data, quotas("")),
    "GetAWSDefaultServiceQuota": lambda data: one(data, quotas("")),
}
