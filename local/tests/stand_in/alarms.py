"""Alarms on metrics of functions and of log events, set up by CloudFormation."""

import json
import time
import unittest

from running import StandInTest, eventually, policy, statement

FUNCTION = "def handler(event, context):\n    if event.get('fail'):\n        raise RuntimeError('it was told to')\n"


def alarm(namespace, metric, dimensions=(), **others):
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "Namespace": namespace,
            "MetricName": metric,
            "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions],
            "Statistic": "Sum",
            "Period": 60,
            "EvaluationPeriods": 1,
            "Threshold": 1,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "TreatMissingData": "notBreaching",
            **others,
        },
    }


class Alarms(StandInTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        iam = cls.stand_in.client("iam")
        trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        cls.role = iam.create_role(RoleName="logging", AssumeRolePolicyDocument=policy(trust))["Role"]["Arn"]
        iam.put_role_policy(RoleName="logging", PolicyName="all", PolicyDocument=policy(statement("logs:*", "*")))

    def deploy(self, name, resources):
        stacks = self.stand_in.client("cloudformation")
        stacks.create_stack(StackName=name, TemplateBody=json.dumps({"Resources": resources}))

        def status():
            return stacks.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]

        eventually("the stack is done", lambda: not status().endswith("IN_PROGRESS"))
        self.assertEqual(status(), "CREATE_COMPLETE")
        found = stacks.describe_stack_resources(StackName=name)["StackResources"]
        return {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in found}

    def states(self, names):
        found = self.stand_in.client("cloudwatch").describe_alarms()["MetricAlarms"]
        states = {one["AlarmName"]: one["StateValue"] for one in found}
        return [states[name] for name in names]

    def test_only_the_function_that_failed_is_in_alarm(self):
        functions = {
            name: {
                "Type": "AWS::Lambda::Function",
                "Properties": {
                    "Runtime": "python3.12",
                    "Handler": "index.handler",
                    "Role": self.role,
                    "Code": {"ZipFile": FUNCTION},
                },
            }
            for name in ("Failing", "Working")
        }
        watching = {
            f"{name}Errors": alarm("AWS/Lambda", "Errors", [("FunctionName", {"Ref": name})]) for name in functions
        }
        made = self.deploy("functions", functions | watching)
        invoke = self.stand_in.client("lambda").invoke
        invoke(FunctionName=made["Working"], Payload=b"{}")
        self.assertIn("FunctionError", invoke(FunctionName=made["Failing"], Payload=b'{"fail": true}'))
        names = [made["FailingErrors"], made["WorkingErrors"]]
        eventually("one is in alarm", lambda: self.states(names) == ["ALARM", "OK"])

    def test_log_events_that_match_a_filter_are_counted_and_raise_an_alarm(self):
        def filter_of(pattern, metric, **others):
            made = {"MetricNamespace": "Tests", "MetricName": metric, "MetricValue": "1", **others}
            return {
                "Type": "AWS::Logs::MetricFilter",
                "Properties": {
                    "LogGroupName": {"Ref": "Log"},
                    "FilterPattern": pattern,
                    "MetricTransformations": [made],
                },
            }

        made = self.deploy(
            "filters",
            {
                "Log": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/tests/filters"}},
                "Denied": filter_of('{ ($.outcome = "denied*") && ($.count >= 2) }', "Denied"),
                "Seconds": filter_of("{ $.seconds EXISTS }", "Seconds", MetricValue="$.seconds"),
                "Words": filter_of('"went wrong" -harmless', "Words"),
                "Never": filter_of("{ $.outcome = $.other }", "Never"),
                "DeniedAlarm": alarm("Tests", "Denied", Threshold=2),
                "WordsAlarm": alarm("Tests", "Words", Threshold=2),
            },
        )
        logs = self.stand_in.client("logs")
        logs.create_log_stream(logGroupName="/tests/filters", logStreamName="one")
        # Within one period of a minute, which both alarms and the statistics below look at.
        if time.time() % 60 > 50:
            eventually("the next minute begins", lambda: time.time() % 60 < 50)
        begin = int(time.time() // 60) * 60
        messages = [
            '{"outcome": "denied: unknown", "count": 2}',
            '{"outcome": "denied", "count": 3}',
            '{"outcome": "denied", "count": 1}',
            '{"outcome": "allowed", "count": 5, "seconds": 1.5}',
            '{"seconds": 2}',
            "it went wrong",
            "it went wrong but is harmless",
            "wrong it went",
        ]
        events = [{"timestamp": int(time.time() * 1000), "message": message} for message in messages]
        logs.put_log_events(logGroupName="/tests/filters", logStreamName="one", logEvents=events)
        watch = self.stand_in.client("cloudwatch")

        def total(metric):
            points = watch.get_metric_statistics(
                Namespace="Tests",
                MetricName=metric,
                StartTime=begin,
                EndTime=begin + 60,
                Period=60,
                Statistics=["Sum"],
            )["Datapoints"]
            return sum(point["Sum"] for point in points)

        totals = [total(metric) for metric in ("Denied", "Seconds", "Words", "Never")]
        self.assertEqual(totals, [2, 3.5, 1, 0])
        names = [made["DeniedAlarm"], made["WordsAlarm"]]
        eventually("one is in alarm", lambda: self.states(names) == ["ALARM", "OK"])


if __name__ == "__main__":
    unittest.main()
