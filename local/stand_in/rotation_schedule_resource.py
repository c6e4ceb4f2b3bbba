"""AWS::SecretsManager::RotationSchedule in CloudFormation.

Why: ministack does not know the type, and a template that has it is refused whole.

AWS (CloudFormation reference): properties SecretId, RotationLambdaARN, RotationRules, RotateImmediatelyOnUpdate (true
unless false); Ref is the secret's ARN. HostedRotationLambda, for which AWS makes the function, is not imitated.
Creating or changing it calls RotateSecret, deleting it CancelRotateSecret.
"""

import json

from ministack.services import secretsmanager
from ministack.services.cloudformation import provisioners

from stand_in import rotation
from stand_in.secret_versions import resolve
from stand_in.seams import attribute, seam

for name, parameters in {
    "_provision_resource": ("resource_type", "logical_id", "props", "stack_name"),
    "_delete_resource": ("resource_type", "physical_id", "props", "stack_name", "logical_id"),
}.items():
    seam(provisioners, name, *parameters)


def create(logical_id, props, stack_name):
    if "HostedRotationLambda" in props:
        raise ValueError("HostedRotationLambda is not supported by the stand-in: give RotationLambdaARN")
    request = {name: props[name] for name in ("SecretId", "RotationLambdaARN") if name in props}
    if "RotationRules" in props:
        request["RotationRules"] = rules_of(props["RotationRules"])
    request["RotateImmediately"] = str(props.get("RotateImmediatelyOnUpdate", True)).lower() != "false"
    answer = succeeded(secretsmanager._rotate_secret(request))
    return answer["ARN"], {"Id": answer["ARN"]}


def update(physical_id, old_props, new_props, stack_name):
    if resolve(new_props.get("SecretId"))[1] is not resolve(physical_id)[1]:
        delete(physical_id, old_props)
    return create(None, new_props, stack_name)


def delete(physical_id, props):
    if resolve(physical_id)[1]:
        rotation.cancel({"SecretId": physical_id})


def rules_of(props):
    """RotationRules as RotateSecret takes them: a template may write numbers as text."""
    days = props.get("AutomaticallyAfterDays")
    return props if days is None else {**props, "AutomaticallyAfterDays": int(days)}


def succeeded(response):
    answer = json.loads(response[2])
    if response[0] != 200:
        raise ValueError(f"{answer.get('__type')}: {answer.get('message')}")
    return answer


attribute(provisioners, "_RESOURCE_HANDLERS", dict)["AWS::SecretsManager::RotationSchedule"] = {
    "create": create,
    "update": update,
    "delete": delete,
}
