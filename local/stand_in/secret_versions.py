"""Versions of a secret that have a label and no value yet, as every rotation begins with one.

AWS:
- GetSecretValue of such a version is ResourceNotFoundException: it is how a rotation function finds out that
  createSecret is still to be done. A VersionStage that is not on the VersionId given with it is
  InvalidRequestException.
- PutSecretValue with that version's id as ClientRequestToken gives it its value, once: again with the same value
  changes nothing, with another it is ResourceExistsException. A label that is put on one version leaves the one that
  had it.

ministack answers without a value, ignores the stage beside an id, and replaces values.
"""

from ministack.core.responses import error_response_json, json_response
from ministack.services import secretsmanager

from stand_in.seams import seam, wrap

resolve = seam(secretsmanager, "_resolve", "secret_id", "use_arn_scope")
remove_label_elsewhere = seam(secretsmanager, "_remove_stage_everywhere", "secret", "stage", "except_version_id")
version_with_label = seam(secretsmanager, "_find_stage_version", "secret", "stage")

PROMOTED = "AWSCURRENT"


def has_value(version):
    return version.get("SecretString") is not None or version.get("SecretBinary") is not None


def is_open(secret):
    """Whether a request on this secret gets further than the refusals that ministack words itself."""
    return bool(secret) and not secret.get("DeletedDate")


@wrap(secretsmanager, "_get_secret_value", "data")
def _(original):
    def get(data):
        _, secret = resolve(data.get("SecretId"))
        if is_open(secret):
            identifier, label = data.get("VersionId"), data.get("VersionStage")
            version = secret["Versions"].get(identifier)
            if version and label and label not in version["Stages"]:
                return error_response_json(
                    "InvalidRequestException",
                    "You provided a VersionStage that is not associated to the provided VersionId.",
                    400,
                )
            if not identifier:
                _, version = version_with_label(secret, label or PROMOTED)
            if version and not has_value(version):
                which = f"VersionId: {identifier}" if identifier else f"staging label: {label or PROMOTED}"
                return error_response_json(
                    "ResourceNotFoundException",
                    f"Secrets Manager can't find the specified secret value for {which}",
                    400,
                )
        return original(data)

    return get


@wrap(secretsmanager, "_put_secret_value", "data")
def _(original):
    def put(data):
        _, secret = resolve(data.get("SecretId"))
        if not is_open(secret):
            return original(data)
        identifier = data.get("ClientRequestToken")
        version = secret["Versions"].get(identifier)
        if version and has_value(version):
            if any(version.get(kind) != data.get(kind) for kind in ("SecretString", "SecretBinary")):
                return error_response_json(
                    "ResourceExistsException",
                    f"You can't use ClientRequestToken {identifier} because that value is already in use for a version "
                    f"of secret {secret['ARN']}.",
                    400,
                )
            return json_response(
                {
                    "ARN": secret["ARN"],
                    "Name": secret["Name"],
                    "VersionId": identifier,
                    "VersionStages": list(version["Stages"]),
                }
            )
        answer = original(data)
        if answer[0] == 200 and PROMOTED not in data.get("VersionStages", [PROMOTED]):
            # A new version is the last one: dictionaries keep their order.
            written = identifier or next(reversed(secret["Versions"]))
            for label in data["VersionStages"]:
                remove_label_elsewhere(secret, label, written)
        return answer

    return put
