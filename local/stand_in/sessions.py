"""What the broker knows of a connection and how it ends one: shared by connections.py and dropped_certificates.py.

ministack forgets the keep-alive and the addresses of a connection, which GetConnection reports.
"""

import asyncio
import contextlib
import contextvars
import dataclasses

from ministack.services import iot

from stand_in.seams import attribute, seam, wrap

connected_clients = attribute(iot, "_connected_clients", dict)
make_disconnect = seam(iot, "_make_disconnect", "reason_code", "properties")
seam(iot._WSSession, "send_bytes", "self", "b")
seam(iot._WSSession, "cleanup", "self")

# The longest a client that does not read may hold up its own end.
PATIENCE_WITH_CLIENT = 2.0


@dataclasses.dataclass
class Addresses:
    """Both ends of a connection's socket, as (host, port)."""

    source: tuple
    target: tuple


serving = contextvars.ContextVar("stand_in_addresses", default=None)


@wrap(iot, "_mtls_serve_conn", "reader", "writer")
def _(original):
    async def serve(reader, writer):
        serving.set(Addresses(writer.get_extra_info("peername"), writer.get_extra_info("sockname")))
        await original(reader, writer)

    return serve


@wrap(iot, "handle_websocket", "scope", "receive", "send", "account_id", "region")
def _(original):
    async def serve(scope, receive, send, account_id, region):
        if scope.get("client") and scope.get("server"):
            serving.set(Addresses(tuple(scope["client"]), tuple(scope["server"])))
        await original(scope, receive, send, account_id, region)

    return serve


@wrap(iot._WSSession, "_dispatch_packet", "self", "pkt_type", "flags", "body")
def _(original):
    async def dispatch(self, pkt_type, flags, body):
        if pkt_type == iot.PKT_CONNECT:
            self.addresses = serving.get()
            self.keep_alive = keep_alive_of(body)
        return await original(self, pkt_type, flags, body)

    return dispatch


def keep_alive_of(connect):
    """The seconds in the body of a CONNECT packet, after the protocol's name, level and flags. None if cut short."""
    start = 2 + int.from_bytes(connect[:2], "big") + 2
    field = connect[start : start + 2]
    return int.from_bytes(field, "big") if len(field) == 2 else None


async def end(session, reason, reason_code):
    """Closes a connection: an MQTT 5 client is told why, and the disconnected event carries `reason`."""
    session._forced_disconnect_reason = reason
    with contextlib.suppress(Exception):
        if session.protocol_version == iot.MQTT_5:
            await asyncio.wait_for(session.send_bytes(make_disconnect(reason_code)), PATIENCE_WITH_CLIENT)
    with contextlib.suppress(Exception):
        await session._send({"type": "websocket.close", "code": 1000})
    await session.cleanup()
