"""A certificate that is not ACTIVE any more loses its live connections, after a while.

Why: ministack refuses the next connection of such a certificate and lets the present one live for ever.

AWS (API reference of UpdateCertificate): "Within a few minutes of updating a certificate from the ACTIVE state to any
other state, AWS IoT disconnects all devices that used that certificate to connect." Here it takes
STAND_IN_DROP_AFTER_SECONDS (20 without it), so that nobody who watches takes the revocation itself for the cut: that
is DeleteConnection's affair.

The registry is looked at rather than its operations, so that it does not matter which of them changed a certificate:
UpdateCertificate, DeleteCertificate, a provisioning template or CloudFormation. One that is active again in time
keeps its connections. The disconnectReason, which AWS does not document for this, is AUTH_ERROR; MQTT 5 clients get
0x87, not authorized.
"""

import asyncio
import os
import time

from ministack.services import iot

from stand_in import background, sessions
from stand_in.seams import attribute

DROP_AFTER_SECONDS = float(os.environ.get("STAND_IN_DROP_AFTER_SECONDS", "20"))
SECONDS_BETWEEN_LOOKS = 0.5
NOT_AUTHORIZED = attribute(iot, "RC5_NOT_AUTHORIZED", int)

certificates = attribute(iot, "_certificates")

# Since when a live session's certificate has not been active.
not_active_since = {}


def may_stay(session):
    """Whether a session has no certificate of the registry (a claim of five minutes is not in it), or an active one."""
    if session.certificate_id is None or session.provisioning_template is not None:
        return True
    record = certificates.get_scoped(session.account_id, session.region, session.certificate_id)
    return record is not None and record.get("status") == "ACTIVE"


async def drop_those_without_an_active_certificate():
    now, live = time.monotonic(), list(sessions.connected_clients.values())
    for session in [one for one in not_active_since if one not in live]:
        del not_active_since[session]
    due = []
    for session in live:
        if may_stay(session):
            not_active_since.pop(session, None)
        elif now - not_active_since.setdefault(session, now) >= DROP_AFTER_SECONDS:
            due.append(session)
    await asyncio.gather(*(sessions.end(session, "AUTH_ERROR", NOT_AUTHORIZED) for session in due))


background.every(SECONDS_BETWEEN_LOOKS, drop_those_without_an_active_certificate)
