"""A certificate that is not active any more loses its connections."""

import time
import unittest

from awscrt import mqtt
from running import PATIENCE, StandInTest, eventually

SECONDS = 2


class DroppedCertificates(StandInTest):
    settings = {"STAND_IN_DROP_AFTER_SECONDS": str(SECONDS)}

    def connected(self, name):
        certificate = self.stand_in.certificate()
        connection = self.stand_in.connect(certificate, name)
        self.addCleanup(lambda: connection.disconnect())
        return certificate, connection

    def assert_dropped(self, name, connection, since):
        eventually("the connection is dropped", lambda: connection.lost)
        self.assertGreaterEqual(time.monotonic() - since, SECONDS, "not before its time")
        told = self.stand_in.client("iot-data").get_connection(clientId=name)
        self.assertEqual((told["connected"], told["disconnectReason"]), (False, "AUTH_ERROR"))

    def test_an_inactive_a_revoked_and_a_deleted_certificate_lose_theirs(self):
        iot, kept = self.stand_in.client("iot"), self.connected("kept")
        live = {status: self.connected(status) for status in ("INACTIVE", "REVOKED", "deleted")}
        since = time.monotonic()
        for status, (certificate, _) in live.items():
            identifier = certificate["certificateId"]
            iot.update_certificate(
                certificateId=identifier, newStatus="INACTIVE" if status == "deleted" else status
            )
            if status == "deleted":
                iot.delete_certificate(certificateId=identifier, forceDelete=True)
        for name, (_, connection) in live.items():
            self.assertEqual(connection.lost, [], "it lives on for a while")
        for name, (_, connection) in live.items():
            self.assert_dropped(name, connection, since)
        self.assertEqual(kept[1].lost, [])
        with self.assertRaises(Exception):
            self.stand_in.connect(live["INACTIVE"][0], "INACTIVE")

    def test_one_that_is_active_again_in_time_keeps_its_connection(self):
        iot = self.stand_in.client("iot")
        again, held = self.connected("again"), self.connected("held")
        for certificate, _ in (again, held):
            iot.update_certificate(certificateId=certificate["certificateId"], newStatus="INACTIVE")
        iot.update_certificate(certificateId=again[0]["certificateId"], newStatus="ACTIVE")
        eventually("the other one is dropped", lambda: held[1].lost)
        self.assertEqual(again[1].lost, [])
        published, _ = again[1].publish("still/here", "yes", mqtt.QoS.AT_LEAST_ONCE)
        published.result(PATIENCE)


if __name__ == "__main__":
    unittest.main()
