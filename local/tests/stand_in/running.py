"""A stand-in of one test file's own, the AWS clients for it, and devices on the real AWS IoT Device SDK."""

import contextlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request
import uuid

import boto3
from awscrt import mqtt
from awsiot import mqtt_connection_builder
from botocore.config import Config

CHECKOUT = pathlib.Path(__file__).resolve().parents[3]
REGION = "eu-central-1"
LONGEST_START = 60
PATIENCE = 20

PLAIN = ["ministack"]
EXTENDED = [sys.executable, "-B", str(CHECKOUT / "local/stand_in")]


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def eventually(what, attempt, patience=PATIENCE):
    """What `attempt` returns once that is true."""
    deadline = time.monotonic() + patience
    while True:
        result = attempt()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {patience} s: {what}")
        time.sleep(0.05)


def statement(actions, resources, effect="Allow"):
    return {"Effect": effect, "Action": actions, "Resource": resources}


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


class Running:
    """A running stand-in."""

    def __init__(self, command=EXTENDED, **settings):
        self.folder = tempfile.TemporaryDirectory(prefix="stand-in-")
        self.place = pathlib.Path(self.folder.name)
        self.port, self.mqtt_port = free_port(), free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.log = open(self.place / "log", "w+")
        environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        # In a session of its own, so that the functions it runs end with it.
        self.process = subprocess.Popen(
            command,
            env={
                **environment,
                "AUTH": "true",
                "BIND_HOST": "127.0.0.1",
                "GATEWAY_PORT": str(self.port),
                "IOT_MTLS_PORT": str(self.mqtt_port),
                "MINISTACK_REGION": REGION,
                "SFTP_ENABLED": "0",
                "PERSIST_STATE": "0",
                "STATE_DIR": str(self.place / "state"),
                "TMPDIR": str(self.place),
                "AWS_ENDPOINT_URL": self.endpoint,
                "AWS_ACCESS_KEY_ID": "root-of-a-test",
                "AWS_SECRET_ACCESS_KEY": "of-a-test-only",
                **settings,
            },
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        try:
            eventually("the stand-in is ready", self.is_ready, LONGEST_START)
        except BaseException:
            self.stop()
            raise

    def is_ready(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the stand-in ended before it was ready:\n{self.told()}")
        with contextlib.suppress(OSError):
            with urllib.request.urlopen(f"{self.endpoint}/_ministack/ready", timeout=5) as answer:
                return answer.status == 200

    def told(self):
        self.log.flush()
        return (self.place / "log").read_text()

    def stop(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.log.close()
        self.folder.cleanup()

    def client(self, service, key=("root-of-a-test", "of-a-test-only")):
        """An AWS client of the account's root, or of whoever has this key."""
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id=key[0],
            aws_secret_access_key=key[1],
            config=Config(retries={"total_max_attempts": 1}),
        )

    @property
    def account(self):
        return self.client("sts").get_caller_identity()["Account"]

    def user(self, *statements):
        """The key of a new user who may do this and nothing else."""
        iam, name = self.client("iam"), f"user-{uuid.uuid4().hex[:8]}"
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName="all-it-may", PolicyDocument=policy(*statements))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return key["AccessKeyId"], key["SecretAccessKey"]

    @property
    def root_ca(self):
        path = self.place / "root_ca.pem"
        if not path.exists():
            with urllib.request.urlopen(f"{self.endpoint}/_ministack/iot/ca.pem", timeout=5) as answer:
                path.write_bytes(answer.read())
        return str(path)

    def certificate(self, *statements):
        """An active certificate with a policy of these statements (everything, without any)."""
        iot, name = self.client("iot"), f"policy-{uuid.uuid4().hex[:8]}"
        statements = statements or (statement("iot:*", "*"),)
        iot.create_policy(policyName=name, policyDocument=policy(*statements))
        made = iot.create_keys_and_certificate(setAsActive=True)
        iot.attach_policy(policyName=name, target=made["certificateArn"])
        return made

    def provisioning_template(self, name):
        """A template, by which the thing has the vehicle's VIN as its name and may do everything."""
        iot, iam = self.client("iot"), self.client("iam")
        trust = {"Effect": "Allow", "Principal": {"Service": "iot.amazonaws.com"}, "Action": "sts:AssumeRole"}
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust))["Role"]["Arn"]
        everything = policy(statement("iot:*", "*"))
        iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=everything)
        iot.create_policy(policyName=f"{name}-vehicle", policyDocument=everything)
        certificate_id = {"Ref": "AWS::IoT::Certificate::Id"}
        body = {
            "Parameters": {"vin": {"Type": "String"}, "AWS::IoT::Certificate::Id": {"Type": "String"}},
            "Resources": {
                "thing": {"Type": "AWS::IoT::Thing", "Properties": {"ThingName": {"Ref": "vin"}}},
                "certificate": {
                    "Type": "AWS::IoT::Certificate",
                    "Properties": {"CertificateId": certificate_id, "Status": "Active"},
                },
                "policy": {"Type": "AWS::IoT::Policy", "Properties": {"PolicyName": f"{name}-vehicle"}},
            },
        }
        iot.create_provisioning_template(
            templateName=name, templateBody=json.dumps(body), enabled=True, provisioningRoleArn=role
        )

    def connect(self, certificate, client_id, private_key=None, **options):
        """An MQTT 3.1.1 connection of the SDK; `lost` gets what interrupts it."""
        lost = []
        connection = mqtt_connection_builder.mtls_from_bytes(
            cert_bytes=certificate["certificatePem"].encode(),
            pri_key_bytes=(private_key or certificate["keyPair"]["PrivateKey"]).encode(),
            endpoint="localhost",
            port=self.mqtt_port,
            ca_filepath=self.root_ca,
            client_id=client_id,
            clean_session=options.pop("clean_session", True),
            keep_alive_secs=options.pop("keep_alive_secs", 30),
            on_connection_interrupted=lambda connection, error, **_: lost.append(error),
            # What a test closed must not come back before it looked.
            reconnect_min_timeout_secs=60,
            reconnect_max_timeout_secs=60,
            **options,
        )
        connection.connect().result(PATIENCE)
        connection.lost = lost
        return connection


def ask(connection, topic, request, answers=("accepted", "rejected")):
    """Publishes a request and returns (which answer, the answer)."""
    told = []
    for answer in answers:
        granted, _ = connection.subscribe(
            f"{topic}/{answer}",
            mqtt.QoS.AT_LEAST_ONCE,
            lambda topic, payload, answer=answer, **_: told.append((answer, json.loads(payload))),
        )
        granted.result(PATIENCE)
    payload = request if isinstance(request, (str, bytes)) else json.dumps(request)
    connection.publish(topic, payload, mqtt.QoS.AT_LEAST_ONCE)[0].result(PATIENCE)
    return eventually(f"an answer on {topic}", lambda: told)[0]


class StandInTest(unittest.TestCase):
    """Tests that share one stand-in, started with `settings`."""

    settings = {}

    @classmethod
    def setUpClass(cls):
        cls.stand_in = Running(**cls.settings)
        cls.addClassCleanup(cls.stand_in.stop)
