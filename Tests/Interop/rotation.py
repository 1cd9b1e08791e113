"""Rotates the issuer's keys every five seconds under load, while verifiers check its newest tokens and some older ones.
Fails if a verifier refuses a valid token. Prints the counts of each verifier.

`Scripts/rotation [SECONDS]`
"""

import collections
import os
import subprocess
import sys
import threading
import time

import jwt
import requests

import apache
import issuer
from page import Page
from processes import Proxy, upstream
from tls import TLSFront

TOKEN_LIFETIME = 10
SETTINGS = {
    "SIGNET_KEY_ROTATION": "5s",
    "SIGNET_KEY_LEAD": "4s",
    "SIGNET_JWKS_MAX_AGE": "1s",
    "SIGNET_ACCESS_TOKEN_TTL": f"{TOKEN_LIFETIME}s",
}


class Load:
    """Requests tokens without pause, and keeps the latest 4096 with the time at which each was issued."""

    def __init__(self, service):
        self._service = service
        self._tokens = collections.deque(maxlen=4096)
        self.kids = {}
        self.issued = 0
        self._stopping = threading.Event()
        client_id, client_secret = service.client
        self._client = (client_id, client_secret)
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(2)]
        for thread in self._threads:
            thread.start()

    def _run(self):
        with requests.Session() as session:
            while not self._stopping.is_set():
                answer = session.post(
                    self._service.metadata["token_endpoint"], auth=self._client,
                    data={"grant_type": "client_credentials"}, timeout=10,
                )
                answer.raise_for_status()
                token = answer.json()["access_token"]
                self.kids.setdefault(jwt.get_unverified_header(token)["kid"], time.monotonic())
                self.issued += 1
                self._tokens.append((time.monotonic(), token))

    def pick(self, turn):
        """The newest token if ``turn`` is even, else the oldest that is at most 6 seconds old (tokens live for 10)."""
        tokens = list(self._tokens)
        if not tokens:
            return None
        if turn % 2 == 0:
            return tokens[-1][1]
        limit = time.monotonic() - TOKEN_LIFETIME * 0.6
        return next(token for issued, token in tokens if issued >= limit)

    def stop(self):
        self._stopping.set()
        for thread in self._threads:
            thread.join()


class Verifier:
    """Counts how many valid tokens a consumer accepts and refuses."""

    def __init__(self, name, accepts):
        self.name = name
        self.accepted = 0
        self.refusals = []
        self._accepts = accepts

    def run(self, load, until):
        turn = 0
        while time.monotonic() < until:
            token = load.pick(turn)
            turn += 1
            if token is None:
                time.sleep(0.05)
                continue
            fault = self._accepts(token)
            if fault is None:
                self.accepted += 1
            else:
                self.refusals.append(fault)


def own(service):
    process = subprocess.Popen(
        [os.environ["SIGNET_TEST_ROTATION_VERIFIER"], service.url, issuer.AUDIENCE],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
    )

    def accepts(token):
        process.stdin.write(token + "\n")
        process.stdin.flush()
        line = process.stdout.readline().strip()
        return None if line == "good" else line or "ended"

    return accepts, process.terminate


def pyjwt(service):
    keys = jwt.PyJWKClient(service.metadata["jwks_uri"], lifespan=1, timeout=10)

    def accepts(token):
        try:
            jwt.decode(
                token, keys.get_signing_key_from_jwt(token).key, algorithms=["RS256"], issuer=service.url,
                audience=issuer.AUDIENCE,
            )
        except jwt.PyJWTError as error:
            return repr(error)
        return None

    return accepts, lambda: None


def through(proxy, path="/"):
    session = requests.Session()

    def accepts(token):
        answer = session.get(
            f"http://127.0.0.1:{proxy.port}{path}", headers={"Authorization": f"Bearer {token}"}, timeout=30
        )
        return None if answer.status_code == 200 else f"{answer.status_code} {answer.text[:120]}"

    return accepts


def envoy(service):
    front = TLSFront(service.url.removeprefix("http://"))
    proxy = Proxy(issuer.free_port())
    configuration = Page("envoy").block("yaml", {
        "issuer: https://id.example.com": f"issuer: {service.url}",
        "address: id.example.com, port_value: 443": f"address: 127.0.0.1, port_value: {front.port}",
        "/etc/ssl/certs/ca-certificates.crt": front.authority,
        "address: 0.0.0.0, port_value: 8080": f"address: 127.0.0.1, port_value: {proxy.port}",
        "port_value: 9000": f"port_value: {upstream().port}",
        "cache_duration: 300s": "cache_duration: 1s",
    })
    proxy.start(
        os.path.join(os.path.dirname(sys.executable), "envoy"), "--config-path",
        proxy.write("envoy.yaml", configuration), "--concurrency", "1", "--disable-hot-restart", "--log-level", "error",
    )

    def stop():
        proxy.stop()
        front.stop()

    return through(proxy), stop


def mod_oauth2(service):
    client_id, client_secret = service.client
    configuration = Page("mod_oauth2").block("apache", {
        "https://id.example.com": service.url,
        "CLIENT_ID": client_id,
        "CLIENT_SECRET": client_secret,
        "127.0.0.1:9000": f"127.0.0.1:{upstream().port}",
        "jwks_uri.expiry=300&verify.exp=required&verify.iat=required&expiry=0\n":
            "jwks_uri.expiry=1&verify.exp=required&verify.iat=required&expiry=0\n",
    })
    proxy = apache.start(configuration, "oauth2", "mod_oauth2.so")
    return through(proxy, "/keys"), proxy.stop


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60
    service = issuer.Issuer(**SETTINGS)
    consumers = {
        "Signet's verifier": own, "PyJWT PyJWKClient": pyjwt, "Envoy": envoy, "Apache mod_oauth2": mod_oauth2,
    }
    verifiers, stops = [], []
    faults = []
    try:
        for name, make in consumers.items():
            accepts, stop = make(service)
            stops.append(stop)
            verifiers.append(Verifier(name, accepts))
        load = Load(service)
        until = time.monotonic() + seconds
        threads = [threading.Thread(target=verifier.run, args=(load, until)) for verifier in verifiers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        load.stop()
        print(f"{seconds:.0f} s: {load.issued} tokens of {len(load.kids)} keys, with a rotation every 5 s")
        for verifier in verifiers:
            print(f"  {verifier.name:<20} {verifier.accepted:>7} accepted  {len(verifier.refusals):>5} refused")
            faults += [f"{verifier.name}: {refusal}" for refusal in verifier.refusals[:3]]
            if verifier.accepted < seconds:
                faults.append(f"{verifier.name} accepted only {verifier.accepted} tokens, expected at least one a second")
        if len(load.kids) < seconds / 5 / 2:
            faults.append(f"only {len(load.kids)} keys signed, expected at least one every 10 s")
    finally:
        for stop in stops:
            stop()
        status = service.stop()
    if status != 0:
        faults.append(f"the issuer exited with {status}, expected 0")
    for fault in faults:
        print(fault, file=sys.stderr)
    sys.exit(1 if faults else 0)


main()
