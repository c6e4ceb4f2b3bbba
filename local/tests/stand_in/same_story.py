"""The same device story against plain ministack and the extended one: what was there before is as it was."""

import json
import pathlib
import subprocess
import sys
import unittest

from running import CHECKOUT, EXTENDED, PLAIN, REGION, Running

DEVICE = CHECKOUT / "tests/device_sdk/device.py"


class Story:
    """A device's steps on one stand-in, and what it tells of them."""

    def __init__(self, stand_in):
        self.stand_in = stand_in
        self.stack = stand_in.place / "stack.json"
        self.told = []
        stand_in.provisioning_template("same-story")
        claim = stand_in.certificate()
        secret = json.dumps({name: claim[name] for name in ("certificateId", "certificatePem", "keyPair")})
        stand_in.client("secretsmanager").create_secret(Name="same-story/claim", SecretString=secret)
        self.stack.write_text(
            json.dumps(
                {
                    "aws_endpoint": stand_in.endpoint,
                    "region": REGION,
                    "access_key_id": "root-of-a-test",
                    "secret_access_key": "of-a-test-only",
                    "mqtt_host": "localhost",
                    "mqtt_port": stand_in.mqtt_port,
                    "root_ca": stand_in.root_ca,
                    "claim_secret_id": "same-story/claim",
                    "template_name": "same-story",
                }
            )
        )

    def device(self, *arguments):
        output = subprocess.run(
            [sys.executable, "-B", DEVICE, "--stack", self.stack, *arguments], capture_output=True, text=True
        )
        events = [json.loads(line) for line in output.stdout.splitlines()]
        self.told += [(event, output.returncode) for event in events]
        return events

    def tell(self):
        """Provisioned by claim, connected, held, refused, released, connected again; what it all left behind."""
        folder = pathlib.Path(self.stand_in.place / "device")
        iot = self.stand_in.client("iot")
        self.device("provision", "--keys", "aws", "--vin", "SAMEST0RY00000001", "--out", folder)
        identifier = json.loads((folder / "identity.json").read_text())["certificate_id"]
        self.device("connect", "--identity", folder)
        for status in ("INACTIVE", "ACTIVE"):
            iot.update_certificate(certificateId=identifier, newStatus=status)
            self.device("connect", "--identity", folder)
        thing = iot.describe_thing(thingName="SAMEST0RY00000001")
        principals = iot.list_thing_principals(thingName="SAMEST0RY00000001")["principals"]
        left = {"attributes": thing["attributes"], "principals": principals}
        return json.dumps([self.told, left]).replace(identifier, "its-certificate")


class SameStory(unittest.TestCase):
    def test_a_device_cannot_tell_the_extended_stand_in_from_the_plain_one(self):
        stories = []
        for command in (PLAIN, EXTENDED):
            stand_in = Running(command)
            self.addCleanup(stand_in.stop)
            stories.append(Story(stand_in).tell())
        self.assertIn("reported_active", stories[0])
        self.assertIn("rejected", stories[0])
        self.assertEqual(*stories)

    def test_a_seam_that_moved_ends_the_start_with_a_sentence(self):
        broken = (
            "import sys; sys.argv = ['stand-in'];"
            "import ministack.services.iot as iot; iot._drop_expired = lambda somewhere, else_: None;"
            "from stand_in.start import start; start()"
        )
        output = subprocess.run(
            [sys.executable, "-B", "-c", broken],
            env={"PYTHONPATH": str(CHECKOUT / "local"), "PATH": ""},
            capture_output=True,
            text=True,
        )
        self.assertEqual(output.returncode, 1)
        self.assertIn("_drop_expired takes (somewhere, else_), not (store)", output.stderr)


if __name__ == "__main__":
    unittest.main()
