"""DeleteConnection, GetConnection and ListSubscriptions of the IoT data plane.

Why: a revoked vehicle is cut off by the first and shown to be gone by the second; ministack has none of the three.

AWS (service model iot-data 2015-05-28; developer guide, "Lifecycle events"):
- `DELETE /connections/{clientId}?cleanSession=&preventWillMessage=`: 200 with an empty body; the client's will is
  published unless prevented, its stored session kept unless cleaned, disconnectReason API_INITIATED_DISCONNECT.
- `GET /connections/{clientId}?includeSocketInformation=`: connectedSince, or disconnectedSince and disconnectReason
  for 30 minutes after the end, in milliseconds.
- `GET /connections/{clientId}/subscriptions?nextToken=&maxResults=`: also of a stored session whose client is away;
  20 a page, at most 200.
- An unknown client is ResourceNotFoundException (404). The actions are iot:DeleteConnection, iot:GetConnection and
  iot:ListSubscriptions on arn:aws:iot:REGION:ACCOUNT:client/CLIENT.

Not known of AWS, and so this file's guess: the messages of the errors; the reason code that an MQTT 5 client gets
(0x98, administrative action); that deleting the connection of a client that is known but away is a 404. How AWS
authorizes includeSocketInformation by itself is not imitated.
"""

import base64
import time

from ministack.core import iam_actions
from ministack.core.responses import error_response_json, get_account_id, get_region, json_response
from ministack.services import iot, iot_data

from stand_in import sessions
from stand_in.seams import attribute, seam, wrap

PREFIX, SUBSCRIPTIONS = "/connections/", "/subscriptions"
KEPT_MILLISECONDS = 30 * 60 * 1000
ADMINISTRATIVE_ACTION = 0x98
PAGE, LARGEST_PAGE = 20, 200

connectivity = attribute(iot, "_connectivity", dict)
stored_sessions = attribute(iot, "_persistent_sessions", dict)
is_expired = seam(iot, "_is_session_expired", "session_state")
thing_arn = seam(iot, "_thing_arn", "name")

# What is still told of a connection after its end, by account, region and client id.
last_facts = {}


def operation(method, path):
    """The operation and the client id of a request, or None."""
    if not path.startswith(PREFIX):
        return None
    client_id = path[len(PREFIX) :]
    if method == "GET" and client_id.endswith(SUBSCRIPTIONS):
        return "ListSubscriptions", client_id[: -len(SUBSCRIPTIONS)]
    name = {"GET": "GetConnection", "DELETE": "DeleteConnection"}.get(method)
    return name and (name, client_id)


@wrap(iam_actions, "extract_iam_action", "service", "method", "path", "headers", "body", "query_params")
def _(original):
    def action(service, method, path, headers, body, query_params):
        asked = operation(method, path) if service == "iot-data" else None
        return f"iot:{asked[0]}" if asked else original(service, method, path, headers, body, query_params)

    return action


@wrap(
    iam_actions,
    "extract_resource_arn",
    "service",
    "method",
    "path",
    "headers",
    "body",
    "query_params",
    "region",
    "account_id",
)
def _(original):
    def arn(service, method, path, headers, body, query_params, region, account_id):
        asked = operation(method, path) if service == "iot-data" else None
        if asked:
            return f"arn:aws:iot:{region}:{account_id}:client/{asked[1]}"
        return original(service, method, path, headers, body, query_params, region, account_id)

    return arn


@wrap(iot_data, "handle_request", "method", "path", "headers", "body", "query_params")
def _(original):
    async def handle(method, path, headers, body, query_params):
        asked = operation(method, path)
        if not asked:
            return await original(method, path, headers, body, query_params)
        name, client_id = asked
        if not 1 <= len(client_id) <= 128 or client_id.startswith("$"):
            return invalid("Invalid client ID")
        query = {key: value[0] if isinstance(value, list) else value for key, value in query_params.items()}
        key = (get_account_id(), get_region(), client_id)
        if name == "DeleteConnection":
            return await delete(key, flag(query, "cleanSession"), flag(query, "preventWillMessage"))
        if name == "GetConnection":
            return describe(key, flag(query, "includeSocketInformation"))
        return subscriptions(key, query.get("nextToken"), query.get("maxResults"))

    return handle


@wrap(iot, "_register_client", "account_id", "region", "client_id", "session", "superseded_reason")
def _(original):
    def register(account_id, region, client_id, session, superseded_reason=None):
        original(account_id, region, client_id, session, superseded_reason)
        last_facts[(account_id, region, client_id)] = facts_of(session)

    return register


@wrap(iot, "broker_reset")
def _(original):
    def reset():
        original()
        last_facts.clear()

    return reset


def flag(query, name):
    return str(query.get(name, "")).lower() == "true"


def invalid(message):
    return error_response_json("InvalidRequestException", message, 400)


def unknown(client_id):
    return error_response_json("ResourceNotFoundException", f"The client {client_id} is not found.", 404)


def facts_of(session):
    """What does not change while a connection lasts."""
    expiry = session._session_expiry_interval
    if expiry is None:
        # MQTT 3.1.1 names no interval: the account's is an hour unless changed.
        expiry = iot._SESSION_EXPIRY_SECONDS if session._persist_session else 0
    facts = {"cleanSession": not session._persist_session, "sessionExpiry": expiry}
    if session.keep_alive is not None:
        facts["keepAliveDuration"] = session.keep_alive
    certificate = iot._certificates.get_scoped(session.account_id, session.region, session.certificate_id) or {}
    with iot.request_scope(session.account_id, session.region):
        if thing_arn(session._client_id) in certificate.get("attachedThings", ()):
            facts["thingName"] = session._client_id
    sockets = {}
    if session.addresses:
        sockets = {
            "sourceIp": session.addresses.source[0],
            "sourcePort": session.addresses.source[1],
            "targetIp": session.addresses.target[0],
            "targetPort": session.addresses.target[1],
        }
    return facts, sockets


async def delete(key, clean_session, prevent_will):
    session = sessions.connected_clients.get(key)
    if session is None:
        return unknown(key[2])
    if clean_session:
        session._persist_session = False
    if prevent_will:
        session._will_topic = None
    await sessions.end(session, "API_INITIATED_DISCONNECT", ADMINISTRATIVE_ACTION)
    return 200, {"Content-Type": "application/json"}, b""


def describe(key, with_sockets):
    client_id = key[2]
    change = connectivity.get(key)
    facts, sockets = last_facts.get(key, ({}, {}))
    if key in sessions.connected_clients:
        answer = {"clientId": client_id, "connected": True, "connectedSince": change["timestamp"], **facts}
        return json_response({**answer, **(sockets if with_sockets else {})})
    answer = {"clientId": client_id, "connected": False, **facts}
    if change is not None and time.time() * 1000 - change["timestamp"] <= KEPT_MILLISECONDS:
        answer |= {"disconnectedSince": change["timestamp"], "disconnectReason": change["disconnectReason"]}
        return json_response({**answer, **(sockets if with_sockets else {})})
    if stored(key) is not None:
        return json_response(answer)
    return unknown(client_id)


def stored(key):
    """The session kept for a client that is away, unless it expired."""
    session = stored_sessions.get(key)
    return None if session is None or is_expired(session) else session


def subscriptions(key, token, page):
    session = sessions.connected_clients.get(key)
    if session is not None:
        every = [(filter_, session._sub_granted_qos.get(id_, 0)) for id_, filter_ in session._sub_filters.items()]
    elif (kept := stored(key)) is not None:
        # A stored session keeps its filters, not what was granted; ministack resumes every one at QoS 1.
        every = [(filter_, 1) for filter_ in kept.subscriptions]
    else:
        return unknown(key[2])
    try:
        size = PAGE if page is None else int(page)
        start = int(base64.urlsafe_b64decode(token)) if token else 0
    except ValueError:
        return invalid("Invalid maxResults or nextToken")
    if not 1 <= size <= LARGEST_PAGE or start < 0:
        return invalid("Invalid maxResults or nextToken")
    # A filter that was subscribed to again replaces the subscription before.
    every = sorted(dict(every).items())
    answer = {"subscriptions": [{"topicFilter": name, "qos": qos} for name, qos in every[start : start + size]]}
    if start + size < len(every):
        answer["nextToken"] = base64.urlsafe_b64encode(str(start + size).encode()).decode()
    return json_response(answer)
