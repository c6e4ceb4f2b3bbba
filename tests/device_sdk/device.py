"""A device built on the unmodified AWS IoT Device SDK for Python, for stories about the whole stack.

usage: device.py --stack FILE provision --vin VIN --out FOLDER [--keys vehicle|aws] [--csr FILE] [--claim FILE] [--stay]
       device.py --stack FILE connect --identity FOLDER [--stay]

It shares no code with this project's own vehicle, so that the two cannot be wrong in the same way. FILE is the stack.json
that the local stack writes. Every event is one line of JSON on standard output:

    {"event": "claim_connected"}                     the claim certificate was accepted
    {"event": "provisioned", "vin", "thing_name", "certificate_id"}
    {"event": "connected", "thing_name"}             under the vehicle's own certificate
    {"event": "reported_active"}                     the broker acknowledged the message to vehicleactive/
    {"event": "interrupted", "error"}                only with --stay: the connection was lost
    {"event": "rejected", "step", "errorCode", "errorMessage", "statusCode"}   refused, and by whom
    {"event": "failed", "step", "error"}             not an answer: nothing reached, no time left, a broken file

Exit status: 0 done, 1 rejected or failed (standard error has the sentence), 2 wrong usage.
`provision` ends after the registration, as `connect` is a step of its own in a story; with --stay it connects too.
With --keys vehicle the device makes its key (P-256) and sends a certificate signing request, or what the file of --csr
holds in its place; with --keys aws, AWS makes the key.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import signal
import sys
import threading
import uuid

import boto3
from awscrt import exceptions, mqtt
from awsiot import iotidentity, mqtt_connection_builder
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

SECONDS_PER_STEP = 20


def tell(event, **facts):
    print(json.dumps({"event": event, **facts}), flush=True)


class Rejected(Exception):
    """The other side said no."""

    def __init__(self, step, code, message, status=None):
        super().__init__(f"rejected while {step}: {code}: {message}")
        self.facts = {"step": step, "errorCode": code, "errorMessage": message, "statusCode": status}


class Failed(Exception):
    """Nobody said no, but it did not work."""

    def __init__(self, step, error):
        super().__init__(f"failed while {step}: {error}")
        self.facts = {"step": step, "error": str(error)}


def wait(step, future):
    """The result of a future of the SDK, or a Failed that names the step."""
    try:
        return future.result(SECONDS_PER_STEP)
    except concurrent.futures.TimeoutError:
        raise Failed(step, f"no answer within {SECONDS_PER_STEP} s") from None
    except exceptions.AwsCrtError as error:
        raise Failed(step, error) from None


# How the SDK reports a broker that hangs up on a certificate it does not accept: in place of a CONNACK (as AWS IoT and
# its stand-in do for an inactive certificate or a policy that does not allow the connection) or by a TLS alert.
# Nothing else is taken for a refusal, so that a stack that is down or broken cannot pass for one that refuses.
HUNG_UP = {"AWS_ERROR_MQTT_UNEXPECTED_HANGUP", "AWS_IO_TLS_ERROR_ALERT_RECEIVED"}


def connect(stack, step, certificate, private_key, client_id, on_interrupted=None):
    connection = mqtt_connection_builder.mtls_from_bytes(
        cert_bytes=certificate.encode(),
        pri_key_bytes=private_key.encode(),
        endpoint=stack["mqtt_host"],
        port=stack["mqtt_port"],
        ca_filepath=stack["root_ca"],
        client_id=client_id,
        clean_session=True,
        keep_alive_secs=30,
        on_connection_interrupted=on_interrupted,
    )
    try:
        connection.connect().result(SECONDS_PER_STEP)
    except concurrent.futures.TimeoutError:
        raise Failed(step, f"no answer within {SECONDS_PER_STEP} s") from None
    except exceptions.AwsCrtError as error:
        if error.name in HUNG_UP:
            raise Rejected(step, error.name, error.message) from None
        raise Failed(step, error) from None
    except Exception as error:  # The SDK wraps the code of a CONNACK that says no in a plain Exception.
        raise Rejected(step, "ConnectionRefused", str(error)) from None
    return connection


def call(step, client, subscribe_accepted, subscribe_rejected, subscription, publish, request):
    """One request of the fleet provisioning API: the accepted answer, or Rejected."""
    answer = concurrent.futures.Future()

    def settle(outcome, value):
        if not answer.done():
            outcome(value)

    def on_accepted(response):
        # The SDK hands over None for an answer it cannot parse.
        if response is None:
            settle(answer.set_exception, Failed(step, "the answer cannot be parsed"))
        else:
            settle(answer.set_result, response)

    def on_rejected(response):
        if response is None:
            settle(answer.set_exception, Failed(step, "the rejection cannot be parsed"))
            return
        error = Rejected(step, response.error_code, response.error_message, response.status_code)
        settle(answer.set_exception, error)

    at_least_once = mqtt.QoS.AT_LEAST_ONCE
    subscriptions = (
        (subscribe_accepted, on_accepted),
        (subscribe_rejected, on_rejected),
    )
    for subscribe, callback in subscriptions:
        granted, _topic = subscribe(subscription, at_least_once, callback)
        try:
            granted.result(SECONDS_PER_STEP)
        except concurrent.futures.TimeoutError:
            raise Failed(f"subscribing before {step}", f"no answer within {SECONDS_PER_STEP} s") from None
        except Exception as error:  # The SDK raises a plain RuntimeError or its own for a refused subscription.
            raise Rejected(f"subscribing before {step}", type(error).__name__, str(error)) from None
    wait(step, publish(request, at_least_once))
    return wait(step, answer)


def claim_credentials(stack, claim_file):
    if claim_file:
        claim = json.loads(claim_file.read_text())
        return claim["certificatePem"], claim["keyPair"]["PrivateKey"]
    secrets = boto3.client(
        "secretsmanager",
        endpoint_url=stack["aws_endpoint"],
        region_name=stack["region"],
        aws_access_key_id=stack["access_key_id"],
        aws_secret_access_key=stack["secret_access_key"],
    )
    claim = json.loads(secrets.get_secret_value(SecretId=stack["claim_secret_id"])["SecretString"])
    return claim["certificatePem"], claim["keyPair"]["PrivateKey"]


def write_private(path, text):
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)


def own_key(vin):
    """A private key of the device's own and a certificate signing request by it, both in PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, vin)])
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return private.decode(), request.public_bytes(pem).decode()


def ask_for_certificate(client, vin, keys, csr_file):
    """The private key in PEM, and the answer with the certificate for it."""
    if keys == "aws":
        created = call(
            "asking for a certificate",
            client,
            client.subscribe_to_create_keys_and_certificate_accepted,
            client.subscribe_to_create_keys_and_certificate_rejected,
            iotidentity.CreateKeysAndCertificateSubscriptionRequest(),
            client.publish_create_keys_and_certificate,
            iotidentity.CreateKeysAndCertificateRequest(),
        )
        return created.private_key, created
    private_key, request = own_key(vin)
    if csr_file:
        request = csr_file.read_text()
    created = call(
        "asking for a certificate for its own key",
        client,
        client.subscribe_to_create_certificate_from_csr_accepted,
        client.subscribe_to_create_certificate_from_csr_rejected,
        iotidentity.CreateCertificateFromCsrSubscriptionRequest(),
        client.publish_create_certificate_from_csr,
        iotidentity.CreateCertificateFromCsrRequest(certificate_signing_request=request),
    )
    return private_key, created


def provision(stack, vin, folder, keys, csr_file, claim_file):
    certificate, claim_key = claim_credentials(stack, claim_file)
    connection = connect(
        stack, "connecting with the claim certificate", certificate, claim_key, f"claiming-{uuid.uuid4()}"
    )
    tell("claim_connected")
    client = iotidentity.IotIdentityClient(connection)
    private_key, created = ask_for_certificate(client, vin, keys, csr_file)
    registered = call(
        f"registering vehicle {vin}",
        client,
        client.subscribe_to_register_thing_accepted,
        client.subscribe_to_register_thing_rejected,
        iotidentity.RegisterThingSubscriptionRequest(template_name=stack["template_name"]),
        client.publish_register_thing,
        iotidentity.RegisterThingRequest(
            template_name=stack["template_name"],
            certificate_ownership_token=created.certificate_ownership_token,
            parameters={"vin": vin},
        ),
    )
    wait("disconnecting", connection.disconnect())

    # Only now: a refused attempt must not touch the identity a folder already holds.
    identity = {"vin": vin, "thing_name": registered.thing_name, "certificate_id": created.certificate_id}
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(folder / "private.key", private_key)
    write_private(folder / "certificate.pem", created.certificate_pem)
    write_private(folder / "identity.json", json.dumps(identity))
    tell("provisioned", **identity)


def connect_as_vehicle(stack, folder, stay):
    identity = json.loads((folder / "identity.json").read_text())
    ended = threading.Event()
    lost = []

    def on_interrupted(connection, error, **_):
        lost.append(error)
        ended.set()

    connection = connect(
        stack,
        f"connecting as {identity['thing_name']}",
        (folder / "certificate.pem").read_text(),
        (folder / "private.key").read_text(),
        identity["thing_name"],
        on_interrupted,
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    tell("connected", thing_name=identity["thing_name"])
    report = json.dumps({"vin": identity["vin"], "certificate_id": identity["certificate_id"]})
    # A broker that does not allow the message hangs up, and the SDK would connect and send it again for ever.
    sent, _packet = connection.publish("vehicleactive/", report, mqtt.QoS.AT_LEAST_ONCE)
    while not sent.done() and not ended.is_set():
        concurrent.futures.wait([sent], timeout=0.1)
    if lost:
        raise Rejected("reporting active", lost[0].name, lost[0].message)
    if ended.is_set() and not sent.done():
        raise Failed("reporting active", "interrupted")
    wait("reporting active", sent)
    tell("reported_active")
    if stay:
        # In slices, so that a signal is noticed while waiting.
        while not ended.wait(0.5):
            pass
        if lost:
            tell("interrupted", error=lost[0].name)
            raise Failed("staying connected", lost[0])
    wait("disconnecting", connection.disconnect())


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--stack", type=pathlib.Path, required=True, help="the stack.json of a running stack")
    commands = arguments.add_subparsers(dest="command", required=True)
    provisioning = commands.add_parser("provision", help="get an identity by the claim certificate")
    provisioning.add_argument("--vin", required=True)
    provisioning.add_argument("--out", type=pathlib.Path, required=True, help="the folder to keep the identity in")
    provisioning.add_argument("--keys", choices=["vehicle", "aws"], default="aws", help="who makes the private key")
    provisioning.add_argument("--csr", type=pathlib.Path, help="a file to send as the request, with --keys vehicle")
    provisioning.add_argument("--claim", type=pathlib.Path, help="a file with what the claim's secret held when it was built")
    connecting = commands.add_parser("connect", help="connect with an identity and report active")
    connecting.add_argument("--identity", type=pathlib.Path, required=True, help="the folder of the identity")
    for command in (provisioning, connecting):
        command.add_argument("--stay", action="store_true", help="stay connected until SIGINT or SIGTERM")
    chosen = arguments.parse_args()
    try:
        stack = json.loads(chosen.stack.read_text())
        if chosen.command == "provision":
            provision(stack, chosen.vin, chosen.out, chosen.keys, chosen.csr, chosen.claim)
            if chosen.stay:
                connect_as_vehicle(stack, chosen.out, stay=True)
        else:
            connect_as_vehicle(stack, chosen.identity, chosen.stay)
    except Rejected as error:
        tell("rejected", **error.facts)
        sys.exit(f"device: {error}")
    except Failed as error:
        tell("failed", **error.facts)
        sys.exit(f"device: {error}")
    except (OSError, ValueError, KeyError) as error:
        tell("failed", step="reading its files", error=f"{type(error).__name__}: {error}")
        sys.exit(f"device: cannot read the stack or the identity: {type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
