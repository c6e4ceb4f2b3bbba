"""What DescribeCertificate, the listings, UpdateCertificate and RegisterCACertificate lack beside AWS.

AWS (API reference), each missing in ministack:
- DescribeCertificate and DescribeCACertificate tell `validity` {notBefore, notAfter} of the certificate.
- ListCertificates and ListCACertificates give pages of `pageSize` (1 to 250, 25 if not given) with `nextMarker`, by
  creation date; ascending only if asked.
- UpdateCertificate refuses PENDING_TRANSFER and PENDING_ACTIVATION, which AWS IoT alone gives; a revoked certificate
  stays revoked.
- RegisterCACertificate refuses a certificate that is not an authority's or not valid now (the messages are this
  file's own).
"""

import base64
import binascii
import json
import time

from ministack.core.responses import error_response_json, json_response
from ministack.services import iot

from stand_in.seams import attribute, wrap

PAGE, LARGEST_PAGE = 25, 250
ONLY_BY_AWS = ("PENDING_TRANSFER", "PENDING_ACTIVATION")

certificates = attribute(iot, "_certificates")


def with_validity(response):
    status, _, body = response
    if status != 200:
        return response
    answer = json.loads(body)
    certificate = parsed(answer["certificateDescription"]["certificatePem"])
    answer["certificateDescription"]["validity"] = {
        "notBefore": certificate.not_valid_before_utc.timestamp(),
        "notAfter": certificate.not_valid_after_utc.timestamp(),
    }
    return json_response(answer)


def parsed(pem):
    # As slow to import as everything else here together, and not needed before the first certificate.
    from cryptography import x509

    return x509.load_pem_x509_certificate(pem.encode())


@wrap(iot, "_handle_certificate", "method", "path", "body", "qp")
def _(original):
    def handle(method, path, body, qp):
        if method == "GET":
            return with_validity(original(method, path, body, qp))
        if method == "PUT":
            status = iot._parse_body(body).get("newStatus") or qp.get("newStatus")
            record = certificates.get(path.removeprefix("/certificates/"))
            if status in ONLY_BY_AWS:
                message = f"The status {status} is set by AWS IoT only."
                return error_response_json("InvalidRequestException", message, 400)
            if record and record["status"] == "REVOKED" and status in ("ACTIVE", "INACTIVE"):
                message = f"The certificate is revoked for good. Id: {record['certificateId']}"
                return error_response_json("CertificateStateException", message, 406)
        return original(method, path, body, qp)

    return handle


@wrap(iot, "_handle_ca_certificate", "method", "path", "body", "qp")
def _(original):
    def handle(method, path, body, qp):
        response = original(method, path, body, qp)
        return with_validity(response) if method == "GET" else response

    return handle


@wrap(iot, "_register_ca_certificate", "payload", "qp")
def _(original):
    def register(payload, qp):
        if wrong := problem_of_authority(payload.get("caCertificate")):
            return error_response_json("CertificateValidationException", wrong, 400)
        return original(payload, qp)

    return register


def problem_of_authority(pem):
    """Why a well-formed certificate cannot be an authority, or None. What is malformed is ministack's to refuse."""
    from cryptography import x509

    try:
        certificate = parsed(pem)
    except (AttributeError, TypeError, ValueError):
        return None
    try:
        authority = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        authority = False
    if not authority:
        return "The certificate is not a CA certificate."
    if certificate.not_valid_after_utc.timestamp() < time.time():
        return "The CA certificate has expired."
    if certificate.not_valid_before_utc.timestamp() > time.time():
        return "The CA certificate is not valid yet."
    return None


@wrap(iot, "_list_certificates", "qp")
def _(original):
    return lambda qp: page_of(original(qp), qp)


@wrap(iot, "_list_ca_certificates", "qp")
def _(original):
    return lambda qp: page_of(original(qp), qp)


def page_of(response, qp):
    """One page of a listing, and the marker of the next."""
    try:
        size = int(qp.get("pageSize") or PAGE)
        after = json.loads(base64.urlsafe_b64decode(qp["marker"])) if qp.get("marker") else None
    except (ValueError, binascii.Error):
        return error_response_json("InvalidRequestException", "Invalid pageSize or marker", 400)
    if not 1 <= size <= LARGEST_PAGE:
        return error_response_json("InvalidRequestException", f"pageSize must be between 1 and {LARGEST_PAGE}", 400)
    ascending = str(qp.get("isAscendingOrder", "")).lower() == "true"

    def place(entry):
        return [entry["creationDate"], entry["certificateId"]]

    entries = sorted(json.loads(response[2])["certificates"], key=place, reverse=not ascending)
    if after:
        entries = [entry for entry in entries if (place(entry) > after if ascending else place(entry) < after)]
    answer = {"certificates": entries[:size]}
    if len(entries) > size:
        marker = json.dumps(place(entries[size - 1])).encode()
        answer["nextMarker"] = base64.urlsafe_b64encode(marker).decode()
    return json_response(answer)
