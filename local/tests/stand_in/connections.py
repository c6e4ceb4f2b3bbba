"""DeleteConnection, GetConnection and ListSubscriptions."""

import json
import threading
import time
import unittest

from awscrt import mqtt, mqtt5
from awsiot import mqtt5_client_builder
from botocore.exceptions import ClientError
from running import PATIENCE, REGION, StandInTest, eventually, statement

ONCE = mqtt.QoS.AT_LEAST_ONCE


class Connections(StandInTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.certificate = cls.stand_in.certificate()
        cls.data = cls.stand_in.client("iot-data")

    def connect(self, client_id, **options):
        connection = self.stand_in.connect(self.certificate, client_id, **options)
        self.addCleanup(lambda: connection.disconnect())
        return connection

    def watch(self, *topics):
        """What arrives on these topics, in order, at another client."""
        told = []
        watcher = self.connect(f"watcher-{time.monotonic_ns()}")
        for topic in topics:
            granted, _ = watcher.subscribe(topic, ONCE, lambda topic, payload, **_: told.append((topic, payload)))
            granted.result(PATIENCE)
        return told

    def assert_unknown(self, call, **request):
        with self.assertRaises(ClientError) as caught:
            call(**request)
        error = caught.exception.response
        self.assertEqual(error["Error"]["Code"], "ResourceNotFoundException")
        self.assertEqual(error["ResponseMetadata"]["HTTPStatusCode"], 404)

    def test_a_client_that_never_came_is_unknown(self):
        for call in (self.data.get_connection, self.data.delete_connection, self.data.list_subscriptions):
            self.assert_unknown(call, clientId="nobody")

    def test_a_live_connection_is_described(self):
        before = int(time.time() * 1000)
        iot = self.stand_in.client("iot")
        iot.create_thing(thingName="described")
        iot.attach_thing_principal(thingName="described", principal=self.certificate["certificateArn"])
        self.connect("described", keep_alive_secs=47)
        told = self.data.get_connection(clientId="described")
        told.pop("ResponseMetadata")
        self.assertTrue(before <= told.pop("connectedSince") <= time.time() * 1000)
        expected = {"clientId": "described", "connected": True, "cleanSession": True, "sessionExpiry": 0}
        self.assertEqual(told, {**expected, "keepAliveDuration": 47, "thingName": "described"})
        told = self.data.get_connection(clientId="described", includeSocketInformation=True)
        self.assertEqual((told["sourceIp"], told["targetPort"]), ("127.0.0.1", self.stand_in.mqtt_port))

    def test_deleting_a_connection_closes_it_and_says_so(self):
        events = self.watch("$aws/events/presence/disconnected/cut")
        connection = self.connect("cut")
        before = int(time.time() * 1000)
        answer = self.data.delete_connection(clientId="cut")
        self.assertEqual(answer["ResponseMetadata"]["HTTPStatusCode"], 200)
        told = self.data.get_connection(clientId="cut")
        self.assertFalse(told["connected"])
        self.assertEqual(told["disconnectReason"], "API_INITIATED_DISCONNECT")
        self.assertTrue(before <= told["disconnectedSince"] <= time.time() * 1000)
        self.assertNotIn("connectedSince", told)
        eventually("the client sees it", lambda: connection.lost)
        event = json.loads(eventually("the event", lambda: events)[0][1])
        self.assertEqual(event["disconnectReason"], "API_INITIATED_DISCONNECT")
        self.assertFalse(event["clientInitiatedDisconnect"])

    def test_a_client_that_is_away_cannot_be_disconnected_again(self):
        self.connect("left").disconnect().result(PATIENCE)
        eventually("it is gone", lambda: not self.data.get_connection(clientId="left")["connected"])
        self.assertEqual(
            self.data.get_connection(clientId="left")["disconnectReason"], "CLIENT_INITIATED_DISCONNECT"
        )
        self.assert_unknown(self.data.delete_connection, clientId="left")

    def test_the_will_is_published_unless_prevented(self):
        for prevent in (False, True):
            with self.subTest(prevent=prevent):
                will, end = f"wills/{prevent}", f"$aws/events/presence/disconnected/mortal-{prevent}"
                told = self.watch(will, end)
                self.connect(f"mortal-{prevent}", will=mqtt.Will(will, ONCE, b"gone", False))
                self.data.delete_connection(clientId=f"mortal-{prevent}", preventWillMessage=prevent)
                # The will goes out before the event does.
                topics = eventually("the event", lambda: told[-1:] and told[-1][0] == end and [t for t, _ in told])
                self.assertEqual(topics, [end] if prevent else [will, end])

    def test_the_stored_session_is_kept_unless_cleaned(self):
        for clean in (False, True):
            with self.subTest(clean=clean):
                name = f"keeper-{clean}"
                keeper = self.connect(name, clean_session=False)
                keeper.subscribe("news/#", ONCE, lambda **_: None)[0].result(PATIENCE)
                self.data.delete_connection(clientId=name, cleanSession=clean)
                if clean:
                    self.assert_unknown(self.data.list_subscriptions, clientId=name)
                else:
                    told = self.data.list_subscriptions(clientId=name)["subscriptions"]
                    self.assertEqual(told, [{"topicFilter": "news/#", "qos": 1}])

    def test_subscriptions_are_listed_in_pages(self):
        reader = self.connect("reader")
        for number in range(5):
            qos = mqtt.QoS.AT_MOST_ONCE if number % 2 else ONCE
            reader.subscribe(f"shelf/{number}", qos, lambda **_: None)[0].result(PATIENCE)
        reader.unsubscribe("shelf/4")[0].result(PATIENCE)
        self.assertEqual(
            self.data.list_subscriptions(clientId="reader")["subscriptions"],
            [{"topicFilter": f"shelf/{number}", "qos": 0 if number % 2 else 1} for number in range(4)],
        )
        first = self.data.list_subscriptions(clientId="reader", maxResults=3)
        rest = self.data.list_subscriptions(clientId="reader", maxResults=3, nextToken=first["nextToken"])
        self.assertEqual([len(page["subscriptions"]) for page in (first, rest)], [3, 1])
        self.assertNotIn("nextToken", rest)

    def test_each_call_needs_its_own_permission_on_the_client(self):
        self.connect("guarded")
        client = f"arn:aws:iot:{REGION}:{self.stand_in.account}:client/guarded"
        calls = {
            "iot:GetConnection": lambda data: data.get_connection(clientId="guarded"),
            "iot:ListSubscriptions": lambda data: data.list_subscriptions(clientId="guarded"),
            "iot:DeleteConnection": lambda data: data.delete_connection(clientId="guarded"),
        }
        for action, call in calls.items():
            with self.subTest(action=action):
                others = [other for other in calls if other != action]
                for statements in (
                    [statement(others, client)],
                    [statement(action, client.replace("guarded", "another"))],
                    [statement("iot:*", "*"), statement(action, client, effect="Deny")],
                ):
                    with self.assertRaises(ClientError) as caught:
                        call(self.stand_in.client("iot-data", self.stand_in.user(*statements)))
                    self.assertEqual(caught.exception.response["Error"]["Code"], "ForbiddenException")
                call(self.stand_in.client("iot-data", self.stand_in.user(statement(action, client))))

    def test_a_wrong_signature_is_refused(self):
        identifier, _ = self.stand_in.user(statement("iot:*", "*"))
        forged = self.stand_in.client("iot-data", (identifier, "not-its-secret"))
        with self.assertRaises(ClientError) as caught:
            forged.get_connection(clientId="nobody")
        self.assertEqual(caught.exception.response["ResponseMetadata"]["HTTPStatusCode"], 403)

    def test_an_mqtt_5_client_is_told_before_it_is_closed(self):
        connected, ended, reasons = threading.Event(), threading.Event(), []

        def on_disconnection(told):
            reasons.append(told.disconnect_packet and told.disconnect_packet.reason_code)
            ended.set()

        client = mqtt5_client_builder.mtls_from_bytes(
            cert_bytes=self.certificate["certificatePem"].encode(),
            pri_key_bytes=self.certificate["keyPair"]["PrivateKey"].encode(),
            endpoint="localhost",
            port=self.stand_in.mqtt_port,
            ca_filepath=self.stand_in.root_ca,
            client_id="modern",
            on_lifecycle_connection_success=lambda _: connected.set(),
            on_lifecycle_disconnection=on_disconnection,
        )
        client.start()
        self.addCleanup(client.stop)
        self.assertTrue(connected.wait(PATIENCE))
        self.data.delete_connection(clientId="modern")
        self.assertTrue(ended.wait(PATIENCE))
        self.assertEqual(reasons, [mqtt5.DisconnectReasonCode.ADMINISTRATIVE_ACTION])


if __name__ == "__main__":
    unittest.main()
