"""Certificates and authorities: what they tell, what is refused, and registration just in time."""

import datetime
import io
import json
import unittest
import zipfile

from botocore.exceptions import ClientError
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from running import StandInTest, eventually, policy, statement


def made(name, key, issuer=None, issuers_key=None, authority=False, begins=-1, ends=30):
    """A certificate of `key`, signed by its issuer or itself, valid from and until so many days from now."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + datetime.timedelta(days=begins))
        .not_valid_after(now + datetime.timedelta(days=ends))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    return builder.sign(issuers_key or key, hashes.SHA256())


def new_key():
    return ec.generate_private_key(ec.SECP256R1())


def pem_of(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


class CertificateRegistry(StandInTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.iot = cls.stand_in.client("iot")

    def refusal(self, call, **request):
        with self.assertRaises(ClientError) as caught:
            call(**request)
        return caught.exception.response["Error"]["Code"]

    def registered_authority(self, name, **options):
        """A registered authority with proof of possession: its certificate, its key and its id."""
        key = new_key()
        authority = made(name, key, authority=True)
        code = self.iot.get_registration_code()["registrationCode"]
        proof = made(code, new_key(), authority, key)
        answer = self.iot.register_ca_certificate(
            caCertificate=pem_of(authority), verificationCertificate=pem_of(proof), setAsActive=True, **options
        )
        return authority, key, answer["certificateId"]

    def assert_validity(self, described, certificate):
        validity = described["certificateDescription"]["validity"]
        self.assertEqual(validity["notBefore"], certificate.not_valid_before_utc)
        self.assertEqual(validity["notAfter"], certificate.not_valid_after_utc)

    def test_an_authority_and_its_certificates_tell_their_validity(self):
        authority, key, identifier = self.registered_authority("Plant 1")
        self.assert_validity(self.iot.describe_ca_certificate(certificateId=identifier), authority)
        vehicle = made("Vehicle_1", new_key(), authority, key, ends=9)
        registered = self.iot.register_certificate(certificatePem=pem_of(vehicle), caCertificatePem=pem_of(authority))
        self.assert_validity(self.iot.describe_certificate(certificateId=registered["certificateId"]), vehicle)

    def test_only_an_authority_that_is_valid_now_is_registered(self):
        for certificate in (
            made("a vehicle", new_key()),
            made("expired", new_key(), authority=True, begins=-9, ends=-1),
            made("of tomorrow", new_key(), authority=True, begins=1),
        ):
            code = self.refusal(
                self.iot.register_ca_certificate, caCertificate=pem_of(certificate), certificateMode="SNI_ONLY"
            )
            self.assertEqual(code, "CertificateValidationException")
        key = new_key()
        authority = made("Plant 2", key, authority=True)
        wrong_proof = made("not the registration code", new_key(), authority, key)
        for proof in ({}, {"verificationCertificate": pem_of(wrong_proof)}):
            code = self.refusal(self.iot.register_ca_certificate, caCertificate=pem_of(authority), **proof)
            self.assertIn(code, ("InvalidRequestException", "RegistrationCodeValidationException"))
        self.registered_authority("Plant 3")

    def test_an_authority_is_deactivated_before_it_is_deleted(self):
        _, _, identifier = self.registered_authority("Plant 4")
        delete = self.iot.delete_ca_certificate
        self.assertEqual(self.refusal(delete, certificateId=identifier), "CertificateStateException")
        self.iot.update_ca_certificate(certificateId=identifier, newStatus="INACTIVE")
        delete(certificateId=identifier)
        code = self.refusal(self.iot.describe_ca_certificate, certificateId=identifier)
        self.assertEqual(code, "ResourceNotFoundException")

    def test_a_revoked_certificate_stays_revoked_and_pending_states_are_not_given_by_hand(self):
        identifier = self.stand_in.certificate()["certificateId"]
        update = self.iot.update_certificate
        for status in ("PENDING_TRANSFER", "PENDING_ACTIVATION"):
            code = self.refusal(update, certificateId=identifier, newStatus=status)
            self.assertEqual(code, "InvalidRequestException")
        update(certificateId=identifier, newStatus="INACTIVE")
        update(certificateId=identifier, newStatus="ACTIVE")
        update(certificateId=identifier, newStatus="REVOKED")
        update(certificateId=identifier, newStatus="REVOKED")
        for status in ("ACTIVE", "INACTIVE"):
            code = self.refusal(update, certificateId=identifier, newStatus=status)
            self.assertEqual(code, "CertificateStateException")
        described = self.iot.describe_certificate(certificateId=identifier)["certificateDescription"]
        self.assertEqual(described["status"], "REVOKED")

    def test_listings_come_in_pages(self):
        for _ in range(5):
            self.iot.register_ca_certificate(
                caCertificate=pem_of(made("Plant 5", new_key(), authority=True)), certificateMode="SNI_ONLY"
            )
            self.iot.register_certificate_without_ca(certificatePem=pem_of(made("Vehicle_5", new_key())))
        for operation in ("list_certificates", "list_ca_certificates"):
            call = getattr(self.iot, operation)
            whole = [entry["certificateId"] for entry in call(pageSize=250, ascendingOrder=True)["certificates"]]
            paged, marker = [], {}
            while True:
                answer = call(pageSize=2, ascendingOrder=True, **marker)
                self.assertLessEqual(len(answer["certificates"]), 2)
                paged += [entry["certificateId"] for entry in answer["certificates"]]
                if not answer.get("nextMarker"):
                    break
                marker = {"marker": answer["nextMarker"]}
            self.assertEqual(paged, whole)
            newest = [entry["certificateId"] for entry in call(pageSize=250)["certificates"]]
            self.assertEqual(newest, whole[::-1])

    def test_a_certificate_of_an_authority_registers_itself_and_a_rule_hears_of_it(self):
        functions, iam, queues = (self.stand_in.client(name) for name in ("lambda", "iam", "sqs"))
        trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        role = iam.create_role(RoleName="listener", AssumeRolePolicyDocument=policy(trust))["Role"]["Arn"]
        iam.put_role_policy(RoleName="listener", PolicyName="all", PolicyDocument=policy(statement("sqs:*", "*")))
        queue = queues.create_queue(QueueName="told")["QueueUrl"]
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as contents:
            contents.writestr(
                "listener.py",
                "import json, os, boto3\n"
                "def handler(event, context):\n"
                "    queue = os.environ['QUEUE']\n"
                "    boto3.client('sqs').send_message(QueueUrl=queue, MessageBody=json.dumps(event))\n",
            )
        function = functions.create_function(
            FunctionName="listener",
            Runtime="python3.12",
            Handler="listener.handler",
            Timeout=20,
            Role=role,
            Code={"ZipFile": archive.getvalue()},
            Environment={"Variables": {"QUEUE": queue}},
        )["FunctionArn"]
        functions.add_permission(
            FunctionName="listener",
            StatementId="rule",
            Action="lambda:InvokeFunction",
            Principal="iot.amazonaws.com",
            SourceAccount=self.stand_in.account,
        )
        authority, key, identifier = self.registered_authority("Plant 6", allowAutoRegistration=True)
        self.iot.create_topic_rule(
            ruleName="registered",
            topicRulePayload={
                "sql": "SELECT * FROM '$aws/events/certificates/registered/#'",
                "actions": [{"lambda": {"functionArn": function}}],
            },
        )
        vehicles_key = new_key()
        vehicle = {"certificatePem": pem_of(made("Vehicle_6", vehicles_key, authority, key))}
        private_key = vehicles_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()
        # The connection that registers it is closed.
        with self.assertRaises(Exception):
            self.stand_in.connect(vehicle, "Vehicle_6", private_key=private_key)
        told = eventually(
            "the rule's function is told",
            lambda: queues.receive_message(QueueUrl=queue, WaitTimeSeconds=1).get("Messages"),
        )
        event = json.loads(told[0]["Body"])
        self.assertEqual(event["caCertificateId"], identifier)
        self.assertEqual(event["certificateStatus"], "PENDING_ACTIVATION")
        described = self.iot.describe_certificate(certificateId=event["certificateId"])["certificateDescription"]
        self.assertEqual((described["status"], described["caCertificateId"]), ("PENDING_ACTIVATION", identifier))


if __name__ == "__main__":
    unittest.main()
