"""RotateSecret that calls its function, by boto3 from both sides."""

import io
import json
import time
import unittest
import uuid
import zipfile

from botocore.exceptions import ClientError
from running import StandInTest, eventually, policy, statement

# As AWS's template for rotation functions has it. The plan, in the function's environment, says at which step it fails.
FUNCTION = """
import os
import boto3

secrets = boto3.client("secretsmanager")


def handler(event, context):
    secret, version, step = event["SecretId"], event["ClientRequestToken"], event["Step"]
    print("STEP", step)
    if os.environ["FAILS_AT"] == step:
        raise RuntimeError("it was told to fail here")
    stages = secrets.describe_secret(SecretId=secret)["VersionIdsToStages"]
    if "AWSPENDING" not in stages[version]:
        raise ValueError("not pending")
    if step == "createSecret":
        try:
            secrets.get_secret_value(SecretId=secret, VersionId=version, VersionStage="AWSPENDING")
        except secrets.exceptions.ResourceNotFoundException:
            secrets.put_secret_value(
                SecretId=secret, ClientRequestToken=version, SecretString="of " + version, VersionStages=["AWSPENDING"]
            )
    if step == "finishSecret":
        current = next(one for one, labels in stages.items() if "AWSCURRENT" in labels)
        secrets.update_secret_version_stage(
            SecretId=secret, VersionStage="AWSCURRENT", MoveToVersionId=version, RemoveFromVersionId=current
        )
"""


class Rotation(StandInTest):
    settings = {"STAND_IN_SECONDS_PER_DAY": "2"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.secrets = cls.stand_in.client("secretsmanager")
        cls.functions = cls.stand_in.client("lambda")
        iam = cls.stand_in.client("iam")
        trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        cls.role = iam.create_role(RoleName="rotation", AssumeRolePolicyDocument=policy(trust))["Role"]["Arn"]
        iam.put_role_policy(
            RoleName="rotation", PolicyName="all", PolicyDocument=policy(statement(["secretsmanager:*", "logs:*"], "*"))
        )

    def function(self, fails_at="nowhere", may_be_called=True):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as contents:
            contents.writestr("rotation.py", FUNCTION)
        name = f"rotation-{uuid.uuid4().hex[:8]}"
        made = self.functions.create_function(
            FunctionName=name,
            Runtime="python3.12",
            Handler="rotation.handler",
            Timeout=20,
            Role=self.role,
            Code={"ZipFile": archive.getvalue()},
            Environment={"Variables": {"FAILS_AT": fails_at}},
        )
        if may_be_called:
            self.functions.add_permission(
                FunctionName=name,
                StatementId="rotation",
                Action="lambda:InvokeFunction",
                Principal="secretsmanager.amazonaws.com",
                SourceAccount=self.stand_in.account,
            )
        return made["FunctionArn"]

    def secret(self):
        return self.secrets.create_secret(Name=f"secret-{uuid.uuid4().hex[:8]}", SecretString="first")["ARN"]

    def value(self, secret, **which):
        return self.secrets.get_secret_value(SecretId=secret, **which)["SecretString"]

    def labels(self, secret):
        return self.secrets.describe_secret(SecretId=secret)["VersionIdsToStages"]

    def refusal(self, call, **request):
        with self.assertRaises(ClientError) as caught:
            call(**request)
        error = caught.exception.response["Error"]
        return error["Code"], error["Message"]

    def test_a_rotation_takes_its_four_steps_and_leaves_the_former_value_as_previous(self):
        secret, function = self.secret(), self.function()
        before = time.time()
        answer = self.secrets.rotate_secret(
            SecretId=secret, RotationLambdaARN=function, RotationRules={"AutomaticallyAfterDays": 90}
        )
        version = answer["VersionId"]
        eventually("it is rotated", lambda: self.value(secret) == f"of {version}")
        self.assertEqual(self.value(secret, VersionStage="AWSPREVIOUS"), "first")
        described = eventually(
            "it is noted", lambda: "LastRotatedDate" in (told := self.secrets.describe_secret(SecretId=secret)) and told
        )
        self.assertTrue(described["RotationEnabled"])
        self.assertEqual(described["RotationRules"], {"AutomaticallyAfterDays": 90})
        self.assertEqual(described["RotationLambdaARN"], function)
        # A day of this stand-in has two seconds.
        wait = described["NextRotationDate"].timestamp() - before
        self.assertTrue(180 <= wait <= 200, wait)
        again = self.secrets.rotate_secret(SecretId=secret)["VersionId"]
        eventually("it is rotated again", lambda: self.value(secret) == f"of {again}")
        self.assertEqual(self.value(secret, VersionStage="AWSPREVIOUS"), f"of {version}")

    def test_the_version_is_pending_and_empty_before_the_function_gave_it_a_value(self):
        secret, token = self.secret(), str(uuid.uuid4())
        function = self.function(fails_at="createSecret")
        answer = self.secrets.rotate_secret(SecretId=secret, RotationLambdaARN=function, ClientRequestToken=token)
        self.assertEqual(answer["VersionId"], token)
        self.assertEqual(self.labels(secret)[token], ["AWSPENDING"])
        for which in ({"VersionStage": "AWSPENDING"}, {"VersionId": token}):
            code, _ = self.refusal(self.secrets.get_secret_value, SecretId=secret, **which)
            self.assertEqual(code, "ResourceNotFoundException")
        self.assertEqual(self.value(secret), "first")

    def test_a_step_that_fails_stops_it_and_a_later_call_takes_up_the_same_version(self):
        for step in ("createSecret", "setSecret", "testSecret", "finishSecret"):
            with self.subTest(step=step):
                secret, function = self.secret(), self.function(fails_at=step)
                token = self.secrets.rotate_secret(SecretId=secret, RotationLambdaARN=function)["VersionId"]
                eventually("it failed", lambda: f"{step} failed for version {token}" in self.stand_in.told())
                self.assertEqual(self.labels(secret)[token], ["AWSPENDING"])
                self.assertEqual(self.value(secret), "first")
                if step != "createSecret":
                    self.assertEqual(self.value(secret, VersionStage="AWSPENDING"), f"of {token}")
                name = function.rpartition(":")[2]
                self.functions.update_function_configuration(
                    FunctionName=name, Environment={"Variables": {"FAILS_AT": "nowhere"}}
                )
                code, message = self.refusal(self.secrets.rotate_secret, SecretId=secret)
                self.assertEqual(code, "InvalidRequestException")
                self.assertEqual(message, "A previous rotation isn't complete. That rotation will be reattempted.")
                eventually("it is finished", lambda: self.value(secret) == f"of {token}")

    def test_without_rotate_immediately_only_the_configuration_is_tried(self):
        secret, function = self.secret(), self.function()
        self.secrets.rotate_secret(
            SecretId=secret,
            RotationLambdaARN=function,
            RotationRules={"ScheduleExpression": "rate(400 days)"},
            RotateImmediately=False,
        )
        eventually("the version for trying is gone", lambda: len(self.labels(secret)) == 1)
        described = self.secrets.describe_secret(SecretId=secret)
        self.assertNotIn("LastRotatedDate", described)
        self.assertIn("NextRotationDate", described)
        self.assertEqual(self.value(secret), "first")

    def test_a_secret_is_rotated_when_it_is_due_until_that_is_cancelled(self):
        secret, function = self.secret(), self.function()
        self.secrets.rotate_secret(
            SecretId=secret,
            RotationLambdaARN=function,
            RotationRules={"AutomaticallyAfterDays": 1},
            RotateImmediately=False,
        )
        first = eventually("it is due", lambda: (value := self.value(secret)) != "first" and value)
        eventually("it is due again", lambda: self.value(secret) != first)
        self.secrets.cancel_rotate_secret(SecretId=secret)
        described = self.secrets.describe_secret(SecretId=secret)
        self.assertFalse(described["RotationEnabled"])
        self.assertNotIn("NextRotationDate", described)

    def test_what_cannot_be_rotated_is_refused(self):
        secret, rotate = self.secret(), self.secrets.rotate_secret
        self.assertEqual(
            self.refusal(rotate, SecretId=secret),
            ("InvalidRequestException", "No Lambda rotation function ARN is associated with this secret."),
        )
        closed = self.function(may_be_called=False)
        code, message = self.refusal(rotate, SecretId=secret, RotationLambdaARN=closed)
        self.assertEqual(code, "AccessDeniedException")
        self.assertIn("secretsmanager.amazonaws.com", message)
        function = self.function()
        for rules in (
            {},
            {"AutomaticallyAfterDays": 1, "ScheduleExpression": "rate(1 day)"},
            {"ScheduleExpression": "rate(3 hours)"},
            {"ScheduleExpression": "whenever"},
        ):
            with self.subTest(rules=rules):
                code, _ = self.refusal(rotate, SecretId=secret, RotationLambdaARN=function, RotationRules=rules)
                self.assertEqual(code, "InvalidParameterException")
        self.assertFalse(self.secrets.describe_secret(SecretId=secret)["RotationEnabled"])
        self.assertEqual(self.refusal(rotate, SecretId="absent")[0], "ResourceNotFoundException")

    def test_whoever_rotates_needs_to_be_allowed_to_invoke_the_function(self):
        secret, function = self.secret(), self.function()
        for statements, allowed in (
            ([statement("secretsmanager:*", "*")], False),
            ([statement("lambda:InvokeFunction", function)], False),
            ([statement("secretsmanager:RotateSecret", secret), statement("lambda:InvokeFunction", function)], True),
        ):
            with self.subTest(statements=statements):
                caller = self.stand_in.client("secretsmanager", self.stand_in.user(*statements))
                request = {"SecretId": secret, "RotationLambdaARN": function}
                if allowed:
                    caller.rotate_secret(**request)
                else:
                    self.assertEqual(self.refusal(caller.rotate_secret, **request)[0], "AccessDeniedException")

    def test_cloudformation_sets_a_rotation_up_changes_it_and_takes_it_away(self):
        stacks, function = self.stand_in.client("cloudformation"), self.function()
        schedule = {
            "Type": "AWS::SecretsManager::RotationSchedule",
            "Properties": {
                "SecretId": {"Ref": "Secret"},
                "RotationLambdaARN": function,
                "RotationRules": {"AutomaticallyAfterDays": 90},
                "RotateImmediatelyOnUpdate": False,
            },
        }
        secret = {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": "of-a-stack", "SecretString": "first"}}
        output = {"Value": {"Ref": "Schedule"}}

        def apply(operation, resources, outputs):
            body = json.dumps({"Resources": resources, **outputs})
            operation(StackName="rotating", TemplateBody=body)
            ended = eventually(
                "the stack is done",
                lambda: (stack := stacks.describe_stacks(StackName="rotating")["Stacks"][0])
                and not stack["StackStatus"].endswith("IN_PROGRESS")
                and stack,
            )
            return ended["StackStatus"], {one["OutputKey"]: one["OutputValue"] for one in ended.get("Outputs", [])}

        both = {"Secret": secret, "Schedule": schedule}
        status, outputs = apply(stacks.create_stack, both, {"Outputs": {"Schedule": output}})
        self.assertEqual(status, "CREATE_COMPLETE")
        described = self.secrets.describe_secret(SecretId="of-a-stack")
        self.assertEqual(outputs["Schedule"], described["ARN"])
        self.assertEqual((described["RotationEnabled"], self.value("of-a-stack")), (True, "first"))
        eventually("the trial is over", lambda: len(self.labels("of-a-stack")) == 1)

        schedule["Properties"] |= {"RotationRules": {"AutomaticallyAfterDays": 30}, "RotateImmediatelyOnUpdate": True}
        self.assertEqual(apply(stacks.update_stack, both, {})[0], "UPDATE_COMPLETE")
        eventually("it is rotated", lambda: self.value("of-a-stack") != "first")
        rules = self.secrets.describe_secret(SecretId="of-a-stack")["RotationRules"]
        self.assertEqual(rules, {"AutomaticallyAfterDays": 30})

        self.assertEqual(apply(stacks.update_stack, {"Secret": secret}, {})[0], "UPDATE_COMPLETE")
        self.assertFalse(self.secrets.describe_secret(SecretId="of-a-stack")["RotationEnabled"])

    def test_a_version_gets_its_value_once(self):
        secret, token = self.secret(), str(uuid.uuid4())
        put = {"SecretId": secret, "ClientRequestToken": token, "VersionStages": ["AWSPENDING"]}
        self.secrets.put_secret_value(SecretString="second", **put)
        self.secrets.put_secret_value(SecretString="second", **put)
        code, _ = self.refusal(self.secrets.put_secret_value, SecretString="third", **put)
        self.assertEqual(code, "ResourceExistsException")
        self.assertEqual(self.value(secret, VersionStage="AWSPENDING"), "second")
        self.assertEqual(self.value(secret), "first")
        put["ClientRequestToken"] = str(uuid.uuid4())
        self.secrets.put_secret_value(SecretString="fourth", **put)
        self.assertEqual(self.value(secret, VersionStage="AWSPENDING"), "fourth")
        code, _ = self.refusal(
            self.secrets.get_secret_value, SecretId=secret, VersionId=token, VersionStage="AWSPENDING"
        )
        self.assertEqual(code, "InvalidRequestException")


if __name__ == "__main__":
    unittest.main()
