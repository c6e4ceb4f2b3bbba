"""RotateSecret and CancelRotateSecret of Secrets Manager: a rotation that calls its function.

Why: ministack's RotateSecret copies the current value into a new current version and calls nothing.

AWS (API reference of RotateSecret; user guide, "Lambda rotation functions" and "Troubleshoot rotation"):
- The rules and the function are kept; a version labelled AWSPENDING and without a value is made; the function is
  called with {SecretId: the ARN, ClientRequestToken: that version, Step} for createSecret, setSecret, testSecret and
  finishSecret, in turn and asynchronously. A step that fails ends it and leaves AWSPENDING where it is.
- While AWSPENDING is on another version than AWSCURRENT, RotateSecret is an InvalidRequestException ("A previous
  rotation isn't complete. That rotation will be reattempted.") and the same version is tried again from its first
  step.
- RotateImmediately=false only schedules; AWS then tries testSecret on a passing AWSPENDING version, which it removes.
- The function's resource policy must let secretsmanager.amazonaws.com invoke it; whoever calls RotateSecret needs
  lambda:InvokeFunction on it.
- A call over plain HTTP must bring the ClientRequestToken that the SDKs fill in (32 to 64 characters).
- DescribeSecret tells LastRotatedDate and NextRotationDate; when that is reached, a rotation starts (here: within
  seconds).

Not known of AWS: whether that passing version has a value for the trial (here it has none, and a trial that fails is
only logged). Not imitated: AWS tries a failed rotation again by itself several times; here the next RotateSecret or
due date does.
"""

import asyncio
import json
import logging
import time

from ministack import app
from ministack.core import iam_actions, iam_evaluator
from ministack.core.concurrency import run_reentrant
from ministack.core.responses import (
    error_response_json,
    get_account_id,
    get_region,
    json_response,
    new_uuid,
    request_scope,
)
from ministack.core.router import extract_access_key_id
from ministack.services import lambda_svc, secretsmanager

from stand_in import background, rotation_schedule
from stand_in.secret_versions import is_open, resolve, version_with_label
from stand_in.seams import attribute, seam, wrap

logger = logging.getLogger("stand_in")

STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
# Every SDK fills it in; whoever calls without one must.
NEED_A_TOKEN = ("RotateSecret", "CreateSecret", "PutSecretValue")
SECONDS_BETWEEN_LOOKS = 1

secrets = attribute(secretsmanager, "_secrets")
is_replica = seam(secretsmanager, "_is_replica", "secret")
seam(iam_evaluator, "enforce", "access_key_id", "iam_action", "service", "region", "resource_arn", "service_context")
seam(iam_evaluator, "evaluate_resource_policy", "doc", "ctx", "service", "named_only", "direct_only")
remove_label_elsewhere = seam(secretsmanager, "_remove_stage_everywhere", "secret", "stage", "except_version_id")
function_with_policy = seam(lambda_svc, "_get_base_func_record_for_ref", "function_ref")
function_to_call = seam(lambda_svc, "_get_func_record_for_ref", "function_ref")
execution_record = seam(lambda_svc, "_execution_record_for_config", "func", "config")
execute = seam(lambda_svc, "_execute_function_with_config_scope", "func", "event")

# The rotations under way, as account, region and name of the secret, and their tasks.
under_way, tasks = set(), set()


@wrap(secretsmanager, "handle_request", "method", "path", "headers", "body", "query_params")
def _(original):
    async def handle(method, path, headers, body, query_params):
        operation = headers.get("x-amz-target", "").rpartition(".")[2]
        if operation in (*NEED_A_TOKEN, "CancelRotateSecret"):
            try:
                data = json.loads(body or b"{}")
            except ValueError:
                return await original(method, path, headers, body, query_params)
            if operation in NEED_A_TOKEN and not 32 <= len(data.get("ClientRequestToken") or "") <= 64:
                wrong = "You must provide a ClientRequestToken value. We recommend a UUID-type value."
                return error_response_json("InvalidParameterException", wrong, 400)
            if operation == "CancelRotateSecret":
                return cancel(data)
            if operation == "RotateSecret" and (denied := caller_may_not_invoke(data, headers, query_params)):
                return denied
        return await original(method, path, headers, body, query_params)

    return handle


@wrap(secretsmanager, "_rotate_secret", "data")
def _(original):
    def rotate(data):
        _, secret = resolve(data.get("SecretId"))
        if not is_open(secret) or is_replica(secret):
            return original(data)
        return configure_and_start(secret, data)

    return rotate


@wrap(secretsmanager, "_describe_secret", "data")
def _(original):
    def describe(data):
        status, headers, body = original(data)
        if status == 200:
            _, secret = resolve(data.get("SecretId"))
            dates = {name: secret[name] for name in ("LastRotatedDate", "NextRotationDate") if secret.get(name)}
            status, headers, body = json_response({**json.loads(body), **dates})
        return status, headers, body

    return describe


@wrap(secretsmanager, "_create_secret", "data")
def _(original):
    def create(data):
        identifier = data.get("ClientRequestToken")
        answer = original(data)
        if answer[0] == 200 and identifier:
            # The version's id is the token, which ministack passes over.
            secret = secrets[data["Name"]]
            made = json.loads(answer[2])
            secret["Versions"] = {identifier: secret["Versions"].pop(made["VersionId"])}
            answer = json_response({**made, "VersionId": identifier})
        return answer

    return create


def configure_and_start(secret, data):
    """RotateSecret, on a secret that can be rotated."""
    function = data.get("RotationLambdaARN") or secret.get("RotationLambdaARN")
    if not function:
        return refused("No Lambda rotation function ARN is associated with this secret.")
    rules = data.get("RotationRules")
    if rules is not None and (wrong := rotation_schedule.problem(rules)):
        return error_response_json("InvalidParameterException", wrong, 400)
    if function_record(function, secret["ARN"]) is None:
        return error_response_json(
            "AccessDeniedException",
            "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants "
            "access to the principal secretsmanager.amazonaws.com.",
            400,
        )
    identifier = data.get("ClientRequestToken") or new_uuid()
    pending = pending_version(secret)
    if pending is not None:
        start(secret, pending)
        if pending != identifier:
            return refused("A previous rotation isn't complete. That rotation will be reattempted.")
        return answer_for(secret, pending)
    if identifier in secret["Versions"]:
        return answer_for(secret, identifier)
    secret["RotationLambdaARN"] = function
    if rules is not None:
        secret["RotationRules"] = rules
    secret["RotationEnabled"] = True
    schedule_next(secret)
    add_pending(secret, identifier)
    if data.get("RotateImmediately", True):
        start(secret, identifier)
        return answer_for(secret, identifier)
    run(secret, try_configuration(secret["Name"], identifier))
    return answer_for(secret)


def cancel(data):
    """CancelRotateSecret: no rotation starts by itself any more; one that is under way is not stopped."""
    _, secret = resolve(data.get("SecretId"))
    if not secret:
        return error_response_json(
            "ResourceNotFoundException", "Secrets Manager can't find the specified secret.", 400
        )
    if not is_open(secret) or is_replica(secret):
        return refused("You can't perform this operation on the secret.")
    if not secret.get("RotationLambdaARN"):
        return refused("You can't cancel rotation for a secret that has no rotation configured.")
    secret["RotationEnabled"] = False
    secret.pop("NextRotationDate", None)
    return answer_for(secret, pending_version(secret))


def refused(message):
    return error_response_json("InvalidRequestException", message, 400)


def answer_for(secret, version=None):
    answer = {"ARN": secret["ARN"], "Name": secret["Name"]}
    return json_response({**answer, "VersionId": version} if version else answer)


def caller_may_not_invoke(data, headers, query_params):
    """The denial of a caller without lambda:InvokeFunction on the function, or None."""
    _, secret = resolve(data.get("SecretId"))
    function = data.get("RotationLambdaARN") or (secret or {}).get("RotationLambdaARN")
    if not app.AUTH or not function:
        return None
    caller, action = extract_access_key_id(headers, query_params), "lambda:InvokeFunction"
    denied = iam_evaluator.enforce(caller, action, "lambda", get_region(), resource_arn=function)
    if denied is None:
        return None
    who = getattr(denied, "principal_arn", "")
    return iam_actions.access_denied_response(
        "secretsmanager", action, who, new_uuid(), headers=headers, resource_arn=function
    )


def function_record(arn, secret_arn):
    """What ministack needs to call the function, or None: it does not exist or does not let Secrets Manager call it."""
    base, _, _ = function_with_policy(arn)
    function, configuration, _ = function_to_call(arn)
    if base is None or function is None or configuration is None:
        return None
    context = iam_evaluator.EvalContext(
        principal_arn="*",
        principal_type="Service",
        principal_account="",
        action="lambda:InvokeFunction",
        resource_arn=arn,
        region=get_region(),
        service_context={"aws:sourcearn": secret_arn, "aws:sourceaccount": get_account_id()},
    )
    service = "secretsmanager.amazonaws.com"
    if iam_evaluator.evaluate_resource_policy(base.get("policy"), context, service=service).decision != "Allow":
        return None
    return execution_record(function, configuration)


def pending_version(secret):
    """The version of a rotation that is not complete, or None."""
    identifier, version = version_with_label(secret, "AWSPENDING")
    return None if version is None or "AWSCURRENT" in version["Stages"] else identifier


def add_pending(secret, identifier):
    # It may still be on the version that became current.
    remove_label_elsewhere(secret, "AWSPENDING")
    now = int(time.time())
    secret["Versions"][identifier] = {
        "SecretString": None,
        "SecretBinary": None,
        "CreatedDate": now,
        "Stages": ["AWSPENDING"],
    }
    secret["LastChangedDate"] = now


def schedule_next(secret):
    due = rotation_schedule.next_date(secret.get("RotationRules"), time.time())
    if due is None:
        secret.pop("NextRotationDate", None)
    else:
        secret["NextRotationDate"] = due


def start(secret, identifier):
    """Begins at the first step, unless the secret's rotation is under way."""
    run(secret, rotate(secret["Name"], identifier))


def run(secret, rotation):
    """Lets it run by itself, in the server's loop: CloudFormation calls from a thread of its own."""
    key = (get_account_id(), get_region(), secret["Name"])
    if key in under_way:
        rotation.close()
        return
    under_way.add(key)

    async def in_its_account():
        try:
            with request_scope(*key[:2]):
                await rotation
        finally:
            under_way.discard(key)

    app._MAIN_LOOP.call_soon_threadsafe(lambda: begin(in_its_account()))


def begin(rotation):
    # The loop keeps no reference to a task; without one it may be collected before its end.
    task = asyncio.get_running_loop().create_task(rotation)
    tasks.add(task)
    task.add_done_callback(tasks.discard)


async def rotate(name, identifier):
    """The four steps."""
    for step in STEPS:
        if not await take(name, identifier, step):
            return
    secret = secrets.get(name)
    if secret and "AWSCURRENT" in secret["Versions"].get(identifier, {}).get("Stages", ()):
        secret["LastRotatedDate"] = time.time()
        schedule_next(secret)
    else:
        logger.warning("rotation of %s: finishSecret did not make version %s current", name, identifier)


async def try_configuration(name, identifier):
    await take(name, identifier, "testSecret")
    if secret := secrets.get(name):
        secret["Versions"].pop(identifier, None)


async def take(name, identifier, step):
    """Whether the function took this step."""
    secret = secrets.get(name)
    if not is_open(secret):
        return False
    function = function_record(secret["RotationLambdaARN"], secret["ARN"])
    if function is None:
        logger.warning("rotation of %s: its function cannot be invoked any more", name)
        return False
    event = {"SecretId": secret["ARN"], "ClientRequestToken": identifier, "Step": step}
    try:
        result = await run_reentrant(execute, function, event, thread_name="stand-in-rotation")
    except Exception:
        logger.exception("rotation of %s: %s could not be invoked", name, step)
        return False
    if not isinstance(result, dict) or result.get("error") or result.get("throttle"):
        # The function's own log has the reason; its answer may hold parts of the secret.
        logger.warning("rotation of %s: %s failed for version %s", name, step, identifier)
        return False
    return True


async def start_what_is_due():
    now = time.time()
    for (account, region, name), secret in list(secrets._data.items()):
        due = secret.get("NextRotationDate")
        if not secret.get("RotationEnabled") or due is None or due > now or not is_open(secret) or is_replica(secret):
            continue
        if (account, region, name) in under_way:
            continue
        with request_scope(account, region):
            # If this one fails, its turn comes again after as long as if it had not.
            schedule_next(secret)
            identifier = pending_version(secret)
            if identifier is None:
                identifier = new_uuid()
                add_pending(secret, identifier)
            start(secret, identifier)


background.every(SECONDS_BETWEEN_LOOKS, start_what_is_due)
