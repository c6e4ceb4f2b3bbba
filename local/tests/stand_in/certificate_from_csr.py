"""CreateCertificateFromCsr by MQTT."""

import json
import unittest

from awscrt import exceptions, mqtt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from running import PATIENCE, StandInTest, ask, eventually, statement

TOPIC = "$aws/certificates/create-from-csr/json"


def csr_of(key):
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Vehicle_1")])
    made = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.PEM).decode()


def pem_of(key):
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


class CertificateFromCsr(StandInTest):
    def claim(self, *statements):
        connection = self.stand_in.connect(self.stand_in.certificate(*statements), "claiming")
        self.addCleanup(lambda: connection.disconnect())
        return connection

    def test_the_certificate_has_the_vehicles_own_key_and_waits_to_be_activated(self):
        key = ec.generate_private_key(ec.SECP256R1())
        outcome, answer = ask(self.claim(), TOPIC, {"certificateSigningRequest": csr_of(key)})
        self.assertEqual(outcome, "accepted", answer)
        self.assertEqual(set(answer), {"certificateId", "certificatePem", "certificateOwnershipToken"})
        certificate = x509.load_pem_x509_certificate(answer["certificatePem"].encode())
        self.assertEqual(certificate.public_key(), key.public_key())
        self.assertEqual(certificate.fingerprint(hashes.SHA256()).hex(), answer["certificateId"])
        described = self.stand_in.client("iot").describe_certificate(certificateId=answer["certificateId"])
        self.assertEqual(described["certificateDescription"]["status"], "PENDING_ACTIVATION")

    def test_register_thing_takes_its_token_and_the_vehicle_connects_with_its_own_key(self):
        self.stand_in.provisioning_template("by-csr")
        key, claim = rsa.generate_private_key(65537, 2048), self.claim()
        _, made = ask(claim, TOPIC, {"certificateSigningRequest": csr_of(key)})
        outcome, answer = ask(
            claim,
            "$aws/provisioning-templates/by-csr/provision/json",
            {"certificateOwnershipToken": made["certificateOwnershipToken"], "parameters": {"vin": "Vehicle_1"}},
        )
        self.assertEqual((outcome, answer["thingName"]), ("accepted", "Vehicle_1"), answer)
        self.stand_in.connect(made, "Vehicle_1", private_key=pem_of(key)).disconnect().result(PATIENCE)

    def test_a_broken_request_is_rejected_with_a_code(self):
        good = csr_of(ec.generate_private_key(ec.SECP256R1()))
        body = "".join(good.split("-----")[2].split())
        other = body[:-8] + ("A" if body[-8] != "A" else "B") + body[-7:]
        wrong_signature = f"-----BEGIN CERTIFICATE REQUEST-----\n{other}\n-----END CERTIFICATE REQUEST-----\n"
        for request, code in (
            ("no JSON", "InvalidPayload"),
            ("[]", "InvalidPayload"),
            ({}, "InvalidCSR"),
            ({"certificateSigningRequest": 5}, "InvalidCSR"),
            ({"certificateSigningRequest": "no PEM"}, "InvalidCSR"),
            ({"certificateSigningRequest": wrong_signature}, "InvalidCSR"),
            ({"certificateSigningRequest": csr_of(rsa.generate_private_key(65537, 1024))}, "InvalidCSR"),
            ({"certificateSigningRequest": csr_of(ec.generate_private_key(ec.SECP256K1()))}, "InvalidCSR"),
        ):
            with self.subTest(request=request):
                before = len(self.stand_in.client("iot").list_certificates()["certificates"])
                outcome, answer = ask(self.claim(), TOPIC, request)
                self.assertEqual((outcome, answer["statusCode"], answer["errorCode"]), ("rejected", 400, code))
                self.assertTrue(answer["errorMessage"])
                after = len(self.stand_in.client("iot").list_certificates()["certificates"])
                self.assertEqual(after, before + 1, "only the claim's own certificate is new")

    def test_a_claim_policy_for_create_does_not_cover_it(self):
        topics = ["topic/$aws/certificates/create/*", "topicfilter/$aws/certificates/create/*"]
        claim = self.claim(
            statement("iot:Connect", "*"),
            statement(
                ["iot:Publish", "iot:Receive", "iot:Subscribe"],
                [f"arn:aws:iot:*:*:{topic}" for topic in topics],
            ),
        )
        csr = csr_of(ec.generate_private_key(ec.SECP256R1()))
        published, _ = claim.publish(TOPIC, json.dumps({"certificateSigningRequest": csr}), mqtt.QoS.AT_MOST_ONCE)
        published.result(PATIENCE)
        lost = eventually("the connection is closed", lambda: claim.lost)
        self.assertIsInstance(lost[0], exceptions.AwsCrtError)


if __name__ == "__main__":
    unittest.main()
