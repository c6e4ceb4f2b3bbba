"""IAM evaluates what is done to one CA certificate on its ARN.

ministack evaluates DescribeCACertificate, UpdateCACertificate and DeleteCACertificate on "*", so a policy that names CA
certificates allows none of them. AWS evaluates them on `arn:aws:iot:<region>:<account>:cacert/<id>` (Service Authorization
Reference, "Actions, resources, and condition keys for AWS IoT").
"""

from ministack.core import iam_actions

from stand_in.seams import wrap

PREFIX = "cacertificate"


@wrap(
    iam_actions,
    "extract_resource_arn",
    "service",
    "method",
    "path",
    "headers",
    "body",
    "query_params",
    "region",
    "account_id",
)
def _(original):
    def arn(service, method, path, headers, body, query_params, region, account_id):
        parts = [part for part in path.split("/") if part]
        if service == "iot" and len(parts) == 2 and parts[0] == PREFIX:
            return f"arn:aws:iot:{region}:{account_id}:cacert/{parts[1]}"
        return original(service, method, path, headers, body, query_params, region, account_id)

    return arn
