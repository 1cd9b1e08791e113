"""Who makes the requests: a user of its own for each, or a client."""

import ipaddress
import os
import uuid

import requests
import schemathesis

URL = os.environ["SIGNET_URL"]
PASSWORD = "correct horse battery"


@schemathesis.auth(refresh_interval=None).apply_to(path_regex="^/api/(profile|sessions|password|account)")
class User:
    """Somebody who has just logged in: what a case ends or deletes is nobody else's."""

    def get(self, case, context):
        # From an address of its own, which the failed logins of other cases say nothing about.
        headers = {"X-Forwarded-For": str(ipaddress.IPv6Address(uuid.uuid4().int))}
        account = {"name": "Ada", "email": f"{uuid.uuid4()}@example.com", "password": PASSWORD}
        requests.post(f"{URL}/api/register", json=account, headers=headers, timeout=30).raise_for_status()
        del account["name"]
        answer = requests.post(f"{URL}/api/login", json=account, headers=headers, timeout=30)
        answer.raise_for_status()
        return answer.json()["accessToken"]

    def set(self, case, data, context):
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


@schemathesis.auth().apply_to(path_regex="^/oauth2/")
class Client:
    def get(self, case, context):
        return requests.auth._basic_auth_str(os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"])

    def set(self, case, data, context):
        case.headers = {**(case.headers or {}), "Authorization": data}
