"""Schemathesis hooks. They authenticate requests as a new user or as a client. In every third valid case they replace generated
values by real ones (tokens, sessions, accounts), so that successful responses are checked, too."""

import collections
import functools
import ipaddress
import os
import uuid

import jwt
import requests
import schemathesis

URL = os.environ["SIGNET_URL"]
PASSWORD = "correct horse battery"
NEW_PASSWORD = "staple orthodox lamp"


def anywhere():
    """A header with a random address, so that failed logins of other cases do not delay this request."""
    return {"X-Forwarded-For": str(ipaddress.IPv6Address(uuid.uuid4().int))}


def register():
    account = {"email": f"{uuid.uuid4()}@example.com", "password": PASSWORD}
    answer = requests.post(f"{URL}/api/register", json={"name": "Ada", **account}, headers=anywhere(), timeout=30)
    answer.raise_for_status()
    return account


def login(account):
    answer = requests.post(f"{URL}/api/login", json=account, headers=anywhere(), timeout=30)
    answer.raise_for_status()
    return answer.json()


@functools.cache
def somebody():
    """A shared account, for sessions that a case uses once."""
    return register()


@schemathesis.auth(refresh_interval=None).apply_to(path_regex="^/api/(profile|sessions|password|account)")
class User:
    """Authenticates as a new user, so that a case cannot end the sessions or delete the account of another."""

    def get(self, case, context):
        return login(register())["accessToken"]

    def set(self, case, data, context):
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


@schemathesis.auth().apply_to(path_regex="^/oauth2/")
class Client:
    def get(self, case, context):
        return requests.auth._basic_auth_str(os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"])

    def set(self, case, data, context):
        case.headers = {**(case.headers or {}), "Authorization": data}


def own_session(case, turn):
    token = case.headers.get("Authorization", "").removeprefix("Bearer ")
    if token:
        case.path_parameters = {"id": jwt.decode(token, options={"verify_signature": False})["sid"]}


def introspection(case, turn):
    tokens = login(somebody())
    # Another client's refresh token is inactive, so that Schemathesis also receives a response of this kind.
    case.body = {"token": tokens["refreshToken" if turn % 3 == 1 else "accessToken"]}
    if turn % 3 == 2:
        case.headers = {**case.headers, "Accept": "application/token-introspection+jwt"}


def body(make):
    """Replaces the body of a case by the result of ``make``."""
    def put(case, turn):
        case.body = make()
    return put


REAL = {
    "POST /api/register": body(
        lambda: {"name": "Ada", "email": f"{uuid.uuid4()}@example.com", "password": PASSWORD}
    ),
    "POST /api/login": body(somebody),
    "POST /api/refresh-token": body(lambda: {"refreshToken": login(somebody())["refreshToken"]}),
    "POST /api/logout": body(lambda: {"refreshToken": login(somebody())["refreshToken"]}),
    "DELETE /api/sessions/{id}": own_session,
    "POST /api/password": body(lambda: {"currentPassword": PASSWORD, "newPassword": NEW_PASSWORD}),
    "DELETE /api/account": body(lambda: {"password": PASSWORD}),
    "POST /oauth2/token": body(
        lambda: {"grant_type": "refresh_token", "refresh_token": login(somebody())["refreshToken"]}
    ),
    "POST /oauth2/introspect": introspection,
    "POST /oauth2/revoke": body(lambda: {"token": login(somebody())["refreshToken"]}),
}
_turns = collections.Counter()


@schemathesis.hook
def before_call(context, case, kwargs):
    put = REAL.get(case.operation.label)
    if put is None or case.meta is None or not case.meta.generation.mode.is_positive:
        return
    # The tokens and passwords that Schemathesis generates are never valid. So replace them with valid ones in the first
    # case of each phase and in every third case after the first. Schemathesis warns about a phase without a success.
    key = (case.operation.label, case.meta.phase.name)
    turn = _turns[key]
    _turns[key] += 1
    if turn % 3 == 0:
        put(case, turn // 3)


@schemathesis.hook
def after_call(context, case, response):
    """Records the successful responses; for introspection also the token type."""
    if response.status_code // 100 != 2:
        return
    note = f"{case.operation.label} {response.status_code}"
    if case.path == "/oauth2/introspect":
        is_json = response.headers["content-type"][0].startswith("application/json")
        note += f" {response.json().get('token_type', 'inactive') if is_json else 'JWT'}"
    with open(os.environ["GOOD_ANSWERS"], "a") as file:
        print(note, file=file)
