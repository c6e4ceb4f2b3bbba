"""Compares target/aws-requests.json with the service models of botocore, and fails where AWS would not understand a request.

    cargo test -p aws --test request_shapes
    python aws/tests/botocore/check_shapes.py

Checked of each request: host, method and URI template, target and content type, every member of path, query, header and
body (known, of the right type, within its limits, the required ones present), and of DynamoDB's expressions that each
placeholder is defined and used and no bare attribute name is a reserved word.
"""

import json
import pathlib
import re
import sys
import urllib.parse

import botocore
import botocore.session
from ministack.services._dynamodb_keywords import AWS_KEYWORDS

SERVICES = {"dynamodb": "dynamodb", "iot": "iot", "kms": "kms", "lambda": "lambda", "secretsmanager": "secretsmanager",
            "servicequotas": "service-quotas", "sqs": "sqs", "data-ats.iot": "iot-data"}
OURS = {"authorization", "x-amz-date", "x-amz-security-token", "x-amz-target", "content-type"}
EXPRESSION_WORDS = {"SET", "REMOVE", "ADD", "DELETE", "AND", "OR", "NOT", "IN", "BETWEEN"}
FUNCTIONS = {"attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains", "size",
             "if_not_exists", "list_append"}
session = botocore.session.get_session()


class Mistake(Exception):
    pass


def service_of(request):
    prefix = request["host"].removesuffix(".eu-west-1.amazonaws.com")
    if prefix not in SERVICES:
        raise Mistake(f"{request['host']} is the endpoint of no service that is called")
    return session.get_service_model(SERVICES[prefix])


def check(request):
    """The name of the operation that AWS will take the request for."""
    model = service_of(request)
    protocol = model.metadata["protocol"]
    if protocol == "json":
        return check_json(model, request)
    if protocol == "rest-json":
        return check_rest(model, request)
    raise Mistake(f"nothing here knows the protocol {protocol}")


def check_json(model, request):
    metadata = model.metadata
    target = request["headers"].get("x-amz-target", "")
    prefix, _, name = target.rpartition(".")
    if prefix != metadata["targetPrefix"] or name not in model.operation_names:
        raise Mistake(f"{target!r} is no operation of {model.service_name}")
    content_type = f"application/x-amz-json-{metadata['jsonVersion']}"
    if request["headers"].get("content-type") != content_type:
        raise Mistake(f"the content type is {request['headers'].get('content-type')!r}, not {content_type!r}")
    if (request["method"], request["path"], request["query"]) != ("POST", "/", None):
        raise Mistake("operations of this protocol are a POST to / without a query")
    body = json.loads(request["body"])
    check_value(body, model.operation_model(name).input_shape, name)
    if model.service_name == "dynamodb":
        check_expressions(body)
    return name


def check_rest(model, request):
    candidates = []
    for name in model.operation_names:
        operation = model.operation_model(name)
        template, _, literal_query = operation.http["requestUri"].partition("?")
        # A greedy label takes slashes, any other takes one segment.
        pattern = re.escape(template).replace(r"\{", "{").replace(r"\}", "}")
        pattern = re.sub(r"{([^}+]+)\\\+}", r"(?P<\1>.+)", pattern)
        pattern = re.sub(r"{([^}]+)}", r"(?P<\1>[^/]+)", pattern)
        match = re.fullmatch(pattern, request["path"])
        if match and operation.http["method"] == request["method"]:
            candidates.append((len(match.groups()), name, operation, match, literal_query))
    if not candidates:
        raise Mistake(f"{request['method']} {request['path']} is no operation of {model.service_name}")
    # A literal path counts more than one with labels.
    _, name, operation, match, literal_query = min(candidates, key=lambda candidate: candidate[:2])
    shape = operation.input_shape
    members = dict(shape.members) if shape else {}
    at = {"uri": {}, "querystring": {}, "header": {}, "body": {}}
    for member, member_shape in members.items():
        location = member_shape.serialization.get("location", "body")
        at[location][member_shape.serialization.get("name", member)] = (member, member_shape)
    given = {}

    def take(location, key, text):
        if key not in at[location]:
            raise Mistake(f"{name} has no {location} member {key}")
        member, member_shape = at[location][key]
        given[member] = (typed(text, member_shape, member), member_shape)

    for key, text in match.groupdict().items():
        take("uri", key, urllib.parse.unquote(text))
    query = urllib.parse.parse_qsl(request["query"] or "", keep_blank_values=True, strict_parsing=bool(request["query"]))
    for key, text in query:
        if f"{key}={text}" != literal_query and key != literal_query:
            take("querystring", key, text)
    known_headers = {key.lower(): key for key in at["header"]}
    for key, text in request["headers"].items():
        if key in known_headers:
            take("header", known_headers[key], text)
        elif key not in OURS:
            raise Mistake(f"{name} has no header {key}")
    payload = shape.serialization.get("payload") if shape else None
    if payload and members[payload].type_name == "blob":
        # The body is that member and nothing else.
        given[payload] = (request["body"], members[payload])
    elif request["body"]:
        body = json.loads(request["body"])
        if not at["body"]:
            raise Mistake(f"{name} has no body")
        if request["headers"].get("content-type") != "application/json":
            raise Mistake(f"{name} has a body and no content type application/json")
        for key, value in body.items():
            if key not in at["body"]:
                raise Mistake(f"{name} has no body member {key}")
            member, member_shape = at["body"][key]
            given[member] = (value, member_shape)
    for member, (value, member_shape) in given.items():
        check_value(value, member_shape, f"{name}.{member}")
    missing = set(shape.required_members if shape else ()) - set(given)
    if missing:
        raise Mistake(f"{name} lacks {sorted(missing)}")
    return name


def typed(text, shape, member):
    """The value that a text in a path, query or header stands for."""
    if shape.type_name == "boolean":
        if text not in ("true", "false"):
            raise Mistake(f"{member} is {text!r}, which is no truth value")
        return text == "true"
    if shape.type_name in ("integer", "long"):
        return int(text)
    return text


TYPES = {"string": str, "blob": str, "boolean": bool, "integer": int, "long": int, "list": list, "map": dict, "structure": dict}


def check_value(value, shape, place):
    wanted = TYPES.get(shape.type_name)
    if wanted is None:
        raise Mistake(f"{place}: nothing here knows the type {shape.type_name}")
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        raise Mistake(f"{place} is {value!r}, not of type {shape.type_name}")
    check_limits(value, shape, place)
    if shape.type_name == "structure":
        for key, member in value.items():
            if key not in shape.members:
                raise Mistake(f"{place} has no member {key}")
            check_value(member, shape.members[key], f"{place}.{key}")
        missing = set(shape.required_members) - set(value)
        if missing:
            raise Mistake(f"{place} lacks {sorted(missing)}")
        # DynamoDB's attribute values are a union that the model does not call one.
        if (shape.metadata.get("union") or shape.name == "AttributeValue") and len(value) != 1:
            raise Mistake(f"{place} must have one member of its union, and has {sorted(value)}")
    elif shape.type_name == "list":
        for index, member in enumerate(value):
            check_value(member, shape.member, f"{place}[{index}]")
    elif shape.type_name == "map":
        for key, member in value.items():
            check_value(key, shape.key, f"{place} key")
            check_value(member, shape.value, f"{place}.{key}")


def check_limits(value, shape, place):
    size = value if isinstance(value, int) else len(value)
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if shape.type_name != "boolean" and (size < (least or 0) or (most is not None and size > most)):
        raise Mistake(f"{place} is {size} long, outside {least} to {most}")
    enum = shape.metadata.get("enum")
    if enum and value not in enum:
        raise Mistake(f"{place} is {value!r}, none of {enum}")
    pattern = shape.metadata.get("pattern")
    # Patterns of the models are Java's: named classes are the only difference that occurs.
    if pattern and isinstance(value, str):
        pattern = re.sub(r"\\p\{(Graph|Print)\}", r"\\x20-\\x7e", pattern.replace("[\\p{Graph}\\x20]", "[\\x20-\\x7e]"))
        if not re.fullmatch(pattern, value):
            raise Mistake(f"{place} is {value!r}, which is not {pattern}")


def check_expressions(node):
    """Every structure with expressions, at whatever depth."""
    if isinstance(node, list):
        for member in node:
            check_expressions(member)
    if not isinstance(node, dict):
        return
    expressions = [text for key, text in node.items() if key.endswith("Expression") and isinstance(text, str)]
    if expressions:
        text = " ; ".join(expressions)
        for sign, key in ((":", "ExpressionAttributeValues"), ("#", "ExpressionAttributeNames")):
            used = set(re.findall(rf"{sign}\w+", text))
            defined = set(node.get(key, {}))
            if used != defined:
                raise Mistake(f"{key} defines {sorted(defined)} and {text!r} uses {sorted(used)}")
        for word in re.findall(r"(?<![:#\w])[A-Za-z_]\w*", text):
            if word not in FUNCTIONS | EXPRESSION_WORDS and word.upper() in AWS_KEYWORDS:
                raise Mistake(f"{word} is a reserved word of DynamoDB, in {text!r}")
    elif "ExpressionAttributeValues" in node or "ExpressionAttributeNames" in node:
        raise Mistake("placeholders are defined and there is no expression")
    for member in node.values():
        check_expressions(member)


def broken(requests):
    """Requests that AWS would not understand, each made of one that it would: a check that cannot fail checks nothing."""

    def one(name, **changes):
        request = next(request for request in requests if request["by"] == name)
        return {**request, **{key: change(request[key]) for key, change in changes.items()}}

    def body(change):
        def changed(text):
            value = json.loads(text)
            change(value)
            return json.dumps(value)
        return changed

    yield one("iot::update_certificate", method=lambda _: "POST")
    yield one("iot::update_certificate", path=lambda path: path + "/more")
    yield one("iot::update_certificate", path=lambda path: path.replace("ab", "XY"))
    yield one("iot::update_certificate", query=lambda _: "newStatus=BROKEN")
    yield one("iot::update_certificate", query=lambda _: None)
    yield one("iot::update_certificate", query=lambda query: query + "&other=1")
    yield one("iot::detach_thing_principal", headers=lambda headers: {
        key: value for key, value in headers.items() if key != "x-amzn-principal"})
    yield one("iot::attach_policy", body=lambda _: "{}")
    yield one("iot::attach_policy", body=body(lambda value: value.update(target=1)))
    yield one("iot::attach_policy", headers=lambda headers: {**headers, "content-type": "text/plain"})
    yield one("iot::create_keys_and_certificate", query=lambda _: "setAsActive=1")
    yield one("dynamodb::get_item", headers=lambda headers: {**headers, "x-amz-target": "DynamoDB_20120810.ReadItem"})
    yield one("dynamodb::get_item", headers=lambda headers: {**headers, "content-type": "application/json"})
    yield one("dynamodb::get_item", body=body(lambda value: value.pop("Key")))
    yield one("dynamodb::get_item", body=body(lambda value: value.update(Keys={})))
    yield one("dynamodb::get_item", body=body(lambda value: value["Key"].update(vin={"S": "a", "BOOL": True})))
    yield one("dynamodb::get_item", body=body(lambda value: value["Key"].update(vin={"S": 1})))
    yield one("dynamodb::get_item", body=body(lambda value: value.update(ConsistentRead="yes")))
    yield one("dynamodb::update_item", body=body(lambda value: value.update(UpdateExpression="SET vin_shard = :other")))
    yield one("dynamodb::update_item", body=body(lambda value: value["ExpressionAttributeValues"].update({":x": {"S": "x"}})))
    yield one("dynamodb::update_item", body=body(lambda value: value.update(UpdateExpression="SET year = :shard")))
    yield one("dynamodb::transact_write_items", body=body(lambda value: value.update(ClientRequestToken="a" * 37)))
    yield one("secrets_manager::get_secret_value", host=lambda host: "iot.eu-west-1.amazonaws.com")


def is_refused(request):
    try:
        check(request)
    except (Mistake, ValueError):
        return True
    return False


def main():
    root = pathlib.Path(__file__).resolve().parents[3]
    path = root / "target" / "aws-requests.json"
    if not path.exists():
        sys.exit(f"{path} is missing: run cargo test -p aws --test request_shapes first")
    recording = json.loads(path.read_text())
    let_through = [request for request in broken(recording["requests"]) if not is_refused(request)]
    if let_through:
        sys.exit(f"this check lets broken requests through: {json.dumps(let_through, indent=1)}")
    mistakes, seen = [], {}
    for request in recording["requests"]:
        try:
            seen.setdefault(check(request), set()).add(request["by"])
        except (Mistake, ValueError) as mistake:
            mistakes.append(f"{request['by']}: {mistake}")
    recorded = {request["by"] for request in recording["requests"]}
    mistakes += [f"{operation} is not in the recording" for operation in recording["operations"] if operation not in recorded]
    for mistake in mistakes:
        print(mistake, file=sys.stderr)
    print(f"{len(recording['requests'])} requests of {len(seen)} operations, botocore {botocore.__version__}: "
          f"{len(mistakes)} mistakes")
    for name in sorted(seen):
        print(f"  {name}")
    sys.exit(1 if mistakes else 0)


if __name__ == "__main__":
    main()
