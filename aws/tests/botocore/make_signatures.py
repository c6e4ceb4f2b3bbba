"""Writes signatures.json: requests of many shapes, signed by botocore with fixed keys at fixed times.

    python aws/tests/botocore/make_signatures.py

The same botocore writes the same file; aws/tests/signatures.rs signs the same requests and compares every header.
"""

import datetime
import itertools
import json
import pathlib
from unittest import mock

import botocore
import botocore.auth
import botocore.awsrequest
import botocore.credentials

# Keys of AWS's own documentation: they open nothing.
KEY = "AKIDEXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
TOKEN = "IQoJb3JpZ2luX2VjEXAMPLE//////////wEaCXVzLWVhc3QtMSJHMEUCIQ+token/with+odd=chars=="

SERVICES = [
    "cloudformation", "dynamodb", "iam", "iot", "iotdata", "kms", "lambda", "s3", "secretsmanager", "servicequotas", "sqs", "sts",
]
REGIONS = ["eu-west-1", "us-east-1", "ap-southeast-2", "eu-central-1"]
TIMES = ["2026-01-01T00:00:00Z", "2026-02-28T23:59:59Z", "2031-12-31T12:34:56Z"]

# Paths and queries are given as they are sent: encoded once.
PATHS = [
    "/",
    "/certificates/" + "ab" * 32,
    "/things/Vehicle_1HGCM82633A004352/principals",
    "/attached-policies/arn%3Aaws%3Aiot%3Aeu-west-1%3A123456789012%3Acert%2F" + "0f" * 32,
    "/target-policies/cms-vehicle-policy",
    "/connections/Vehicle_1HGCM82633A004352",
    "/with%20space/and%2Bplus",
    "/trailing/",
    "/a~b-c_d.e",
    "/unicode/%C3%A9t%C3%A9/%E8%BB%8A/%F0%9F%9A%97",
    "/sub%2Fslash/%25percent/%2525twice",
    "/parens(1)/star*/comma,/semi;/at@/colon:/equals=/dollar$/bang!/quote'",
    "/plus+plain",
    "/things/%5Bbracket%5D/%7Bbrace%7D/%23hash/%3Fquestion",
    "/%E1%BC%80%CF%81%CF%87%CE%AE",
    "/" + "long/" * 60 + "end",
]
# Paths that services other than S3 normalise before they sign, and S3 does not. Not among them: a path that ends in a dot
# segment, which botocore normalises otherwise than RFC 3986 does. No operation makes one.
UNUSUAL_PATHS = ["/a//b", "/a/./b", "/a/../b", "/a/b/../c", "//leading", "/a/b//"]
QUERIES = [
    "",
    "newStatus=INACTIVE",
    "setAsActive=true",
    "cleanSession=true",
    "b=2&a=1",
    "a=2&a=1&a=10",
    "empty=&other=x",
    "flag",
    "flag&a=1",
    "marker=abc%2Fdef%3D%3D",
    "nextToken=AQIC%2BAHg%2F%3D&pageSize=250",
    "space=a%20b&tilde=~&dash=-&dot=.&under=_",
    "unicode=%E8%BB%8A&%C3%A9=1",
    "A=upper&a=lower&B=x",
    "a=b%26c%3Dd",
    "prefix=VEHICLE%23&star=%2A",
    "a-b=1&a=2&a.b=3&a_b=4",
]
BODIES = [
    b"",
    b"{}",
    b'{"TableName":"AuthorizedVehicles","Key":{"vin":{"S":"1HGCM82633A004352"}}}',
    "{\"reason\":\"v\u00e9hicule vol\u00e9 \U0001f697\"}".encode(),
    bytes(range(256)),
    b"Action=AssumeRole&Version=2011-06-15&RoleSessionName=someone",
]
HEADERS = [
    {},
    {"content-type": "application/x-amz-json-1.0", "x-amz-target": "DynamoDB_20120810.GetItem"},
    {"content-type": "application/json"},
    {"x-amzn-principal": "arn:aws:iot:eu-west-1:123456789012:cert/" + "ab" * 32},
    {"x-custom": "two  spaces   inside", "accept": "application/json"},
]


def host_of(service, region):
    names = {"iam": "iam.amazonaws.com", "iotdata": f"data-ats.iot.{region}.amazonaws.com"}
    return names.get(service, f"{service}.{region}.amazonaws.com")


def requests():
    """Every path with a few queries, every query with a few paths, and so on, in an order that never changes."""
    methods = itertools.cycle(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"])
    turn = {name: itertools.cycle(values) for name, values in {
        "region": REGIONS, "time": TIMES, "query": QUERIES, "path": PATHS, "body": BODIES, "headers": HEADERS,
        "token": [None, TOKEN],
    }.items()}
    for service in SERVICES:
        def made(**given):
            fields = {name: next(values) for name, values in turn.items()}
            fields.update(given)
            fields["method"] = next(methods)
            fields["service"] = service
            return fields

        yield from (made(path=path) for path in PATHS)
        yield from (made(query=query) for query in QUERIES)
        yield from (made(body=body) for body in BODIES)
        yield from (made(headers=headers) for headers in HEADERS)
        yield from (made(region=region, time=time) for region in REGIONS for time in TIMES)
        yield from (made(path=path, query="") for path in UNUSUAL_PATHS)
    # Stand-ins have ports in their hosts, and the port is signed.
    for service in SERVICES:
        yield {"service": service, "method": "POST", "host": "127.0.0.1:4566", "scheme": "http", "path": "/",
               "query": "", "region": "eu-west-1", "time": TIMES[0], "body": b"{}", "headers": {}, "token": TOKEN}


def sign(case):
    scheme = case.get("scheme", "https")
    host = case.get("host") or host_of(case["service"], case["region"])
    url = f"{scheme}://{host}{case['path']}" + (f"?{case['query']}" if case["query"] else "")
    request = botocore.awsrequest.AWSRequest(
        method=case["method"], url=url, data=case["body"], headers=dict(case["headers"])
    )
    if case["service"] == "s3":
        signer = botocore.auth.S3SigV4Auth
    else:
        signer = botocore.auth.SigV4Auth
    now = datetime.datetime.strptime(case["time"], "%Y-%m-%dT%H:%M:%SZ")
    credentials = botocore.credentials.Credentials(KEY, SECRET, case["token"])
    with mock.patch("botocore.auth.get_current_datetime", return_value=now):
        signer(credentials, case["service"], case["region"]).add_auth(request)
    wanted = ("authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256")
    return {
        "service": case["service"],
        "region": case["region"],
        "time": case["time"],
        "method": case["method"],
        "url": url,
        "headers": case["headers"],
        "body_hex": case["body"].hex(),
        "session_token": case["token"],
        "signed": {name.lower(): value for name, value in request.headers.items() if name.lower() in wanted},
    }


def main():
    corpus = {
        "botocore": botocore.__version__,
        "access_key_id": KEY,
        "secret_access_key": SECRET,
        "cases": [sign(case) for case in requests()],
    }
    path = pathlib.Path(__file__).with_name("signatures.json")
    path.write_text(json.dumps(corpus, indent=1, ensure_ascii=True) + "\n")
    print(f"{len(corpus['cases'])} requests signed by botocore {botocore.__version__}: {path}")


if __name__ == "__main__":
    main()
