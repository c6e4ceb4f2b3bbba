"""CreateCertificateFromCsr of the fleet provisioning MQTT API: the vehicle keeps its key.

Why: ministack answers `$aws/certificates/create/json` and RegisterThing only; a request for a certificate on
`$aws/certificates/create-from-csr/json` gets no answer there.

AWS (developer guide, "Device provisioning MQTT API"): the request is {"certificateSigningRequest": PEM}; the answer,
on `/accepted` of the same connection, {certificateId, certificatePem, certificateOwnershipToken}; an error, on
`/rejected`, {statusCode, errorCode, errorMessage}. The certificate is PENDING_ACTIVATION until RegisterThing is
called with the token, which lasts an hour. It may have an RSA key of at least 2048 bits or one on P-256, P-384 or
P-521.

The guide does not list the error codes: InvalidPayload is what AWS answers to other unreadable requests of this API,
InvalidCSR is this file's own word, with the message of the same refusal over HTTP. Rely on the presence of
`errorCode` only.

Policies are ministack's affair: it evaluates iot:Publish on the request's topic and iot:Subscribe and iot:Receive on
the answer's before anything comes here. CBOR is missing, as it is for the other two requests.
"""

import asyncio
import json
import secrets
import time

from ministack.services import iot

from stand_in.seams import attribute, seam, wrap

TOPIC = "$aws/certificates/create-from-csr/json"
OPERATION = "create-from-csr"

ensure_ca = seam(iot, "_ensure_ca")
sign = seam(iot, "sign_certificate_request", "ca_cert_pem", "ca_key_pem", "csr_pem")
rejected = seam(iot, "_fleet_rejected", "code", "message", "status")
record_of = seam(iot, "_certificate_record", "cert_id", "cert_pem", "status", "ca_id")
certificate_id = seam(iot, "get_certificate_id", "cert_pem")
drop_expired = seam(iot, "_drop_expired", "store")
certificates = attribute(iot, "_certificates")
ownership_tokens = attribute(iot, "_ownership_tokens")
TOKEN_SECONDS = attribute(iot, "_OWNERSHIP_TOKEN_SECONDS", int)


@wrap(iot, "_parse_fleet_provisioning_topic", "topic")
def _(original):
    return lambda topic: (OPERATION, None) if topic == TOPIC else original(topic)


@wrap(iot, "_fleet_provisioning_reply", "account_id", "region", "operation", "template_name", "payload", "connection")
def _(original):
    async def reply(account_id, region, operation, template_name, payload, connection):
        if operation == OPERATION:
            return await certificate_for(account_id, region, payload)
        return await original(account_id, region, operation, template_name, payload, connection)

    return reply


async def certificate_for(account_id, region, payload):
    """The suffix of the answer's topic and the answer to one request."""
    try:
        request = json.loads(payload)
    except ValueError:
        request = None
    if not isinstance(request, dict):
        return rejected("InvalidPayload", "Message cannot be parsed", 400)
    csr = request.get("certificateSigningRequest")
    if not isinstance(csr, str) or not csr:
        return rejected("InvalidCSR", "Certificate signing request cannot be empty.", 400)
    try:
        # Signing takes milliseconds that the broker's loop should not wait for.
        pem = await asyncio.to_thread(lambda: sign(*ensure_ca(), csr))
    except ValueError:
        return rejected("InvalidCSR", "CSR violates constraints", 400)
    identifier = certificate_id(pem)
    token = secrets.token_urlsafe(48)
    with iot.request_scope(account_id, region):
        certificates[identifier] = record_of(identifier, pem, "PENDING_ACTIVATION", None)
        drop_expired(ownership_tokens)
        ownership_tokens[token] = {"certificateId": identifier, "expiration": time.time() + TOKEN_SECONDS}
    return "accepted", {
        "certificateId": identifier,
        "certificatePem": pem,
        "certificateOwnershipToken": token,
    }
