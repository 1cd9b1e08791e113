"""Other servers, set up by ../shared/peers, as contestants beside Signet."""

import base64
import dataclasses
import json
import os
import pathlib
import socket
import subprocess
import time
import urllib.parse

from load import request, write_items
from machine import BenchmarkFailure, resident_mebibytes, say
from service import API

PASSWORD = "password1"
CLIENT = "Basic " + base64.b64encode(b"bench:benchsecret").decode()
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
ACCOUNTS = 16
SLOW_SECONDS = 4

REMARK = """\
Logins and registrations depend on the hash of each server, and their costs differ: Argon2id with 19 MiB and 2 passes for
Signet, bcrypt with cost 12 for go-http, fastapi, authlib and django, bcrypt with cost 10 for pocketbase, PBKDF2 with
150 000 rounds for glewlwyd. A rotation is durable before the answer with signet and glewlwyd only."""


def form(**fields):
    return urllib.parse.urlencode(fields).encode()


def as_json(**fields):
    return json.dumps(fields).encode()


class Peer:
    """A server whose first-party routes look like Signet's. Others override what differs."""

    def __init__(self, name, port, jwks="/.well-known/jwks.json", profile="/api/profile", introspect="/api/introspect"):
        self.name, self.port = name, port
        self.jwks, self.profile, self.introspect = jwks, profile, introspect

    def address(self, label):
        return f"{label}@example.test"

    def registration(self, user):
        return "POST", "/api/register", JSON, as_json(email=user, password=PASSWORD, name="Bench")

    def login(self, user):
        return "POST", "/api/login", JSON, as_json(email=user, password=PASSWORD)

    def profile_request(self, answer):
        """A request for the profile of the user whose login had this answer."""
        return request("GET", self.profile, {"Authorization": f"Bearer {answer[self.access_member]}"})

    #: How to refresh: path, header fields, body before the token, body after the token, and name of the JSON member
    #: with the next token. ``None`` if the server has no refresh tokens.
    refresh = ("/api/refresh-token", JSON, b'{"refreshToken":"', b'"}', "refreshToken")
    #: Names of the JSON members with the tokens in the answer to a login.
    access_member, refresh_member = "accessToken", "refreshToken"
    #: Whether the server rejects a session's earlier access tokens after a refresh.
    refresh_ends_access_tokens = False


class OAuthPeer(Peer):
    """A server with the password grant of OAuth 2."""

    access_member, refresh_member = "access_token", "refresh_token"

    def __init__(self, name, port, token, scope, **paths):
        super().__init__(name, port, **paths)
        self.token, self.scope = token, scope
        self.refresh = (
            token, {**FORM, "Authorization": CLIENT}, b"grant_type=refresh_token&refresh_token=", b"", "refresh_token")

    def address(self, label):
        return label

    def registration(self, user):
        return "POST", "/api/register", JSON, as_json(username=user, password=PASSWORD)

    def login(self, user):
        return "POST", self.token, {**FORM, "Authorization": CLIENT}, form(
            grant_type="password", username=user, password=PASSWORD, scope=self.scope)


class Glewlwyd(OAuthPeer):
    def __init__(self, directory):
        super().__init__(
            "glewlwyd", 4593, "/api/oidc/token", "app", jwks="/api/oidc/jwks", profile="/api/oidc/userinfo",
            introspect="/api/oidc/introspect")
        self.key_file = directory / "glewlwyd" / "data" / "apikey"

    def registration(self, user):
        fields = {**JSON, "Authorization": f"token {self.key_file.read_text().strip()}"}
        return "POST", "/api/user/", fields, as_json(
            username=user, password=PASSWORD, name="Bench", email=f"{user}@example.test", scope=["app"], enabled=True)


class Django(OAuthPeer):
    refresh_ends_access_tokens = True

    def __init__(self):
        super().__init__(
            "django", 5004, "/o/token/", "read", jwks="/o/.well-known/jwks.json", introspect="/o/introspect/")


class PocketBase(Peer):
    """It has no key set and no introspection. Refreshes are left out, because it has no refresh tokens."""

    refresh = None
    access_member = "token"

    def __init__(self):
        super().__init__("pocketbase", 8090, jwks=None, introspect=None)

    def registration(self, user):
        return "POST", "/api/collections/users/records", JSON, as_json(
            email=user, password=PASSWORD, passwordConfirm=PASSWORD)

    def login(self, user):
        return "POST", "/api/collections/users/auth-with-password", JSON, as_json(identity=user, password=PASSWORD)

    def profile_request(self, answer):
        path = f"/api/collections/users/records/{answer['record']['id']}"
        return request("GET", path, {"Authorization": answer["token"]})


def all_peers(directory):
    return [
        Peer("go-http", 5003), Peer("fastapi", 5002), Glewlwyd(directory),
        OAuthPeer("authlib", 5005, "/oauth/token", "profile", jwks="/oauth/jwks", introspect="/oauth/introspect"),
        Django(), PocketBase(),
    ]


class RunningPeer:
    """A started peer with accounts and tokens."""

    def __init__(self, peer, directory, cores, load, requests):
        self.peer, self.load, self.requests = peer, load, requests
        self.directory = directory / peer.name
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", peer.port)) == 0:
                raise BenchmarkFailure(f"port {peer.port} is taken")
        if not (self.directory / "start.sh").exists():
            raise BenchmarkFailure("it is not set up")
        pid_files = [self.directory / "pid", self.directory / "data" / "pid"]
        for file in pid_files:
            file.unlink(missing_ok=True)
        with open(requests.directory / f"{peer.name}.log", "wb") as log:
            subprocess.run(
                [self.directory / "start.sh"], env={**os.environ, "CORE": cores.server.split(",")[0]}, timeout=90,
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, check=False)
        started = [file for file in pid_files if file.exists()]
        if not started:
            raise BenchmarkFailure("it did not start")
        self.session = int(started[0].read_text())
        try:
            self._prepare()
        except BaseException:
            self.stop()
            raise

    @property
    def pids(self):
        """The processes of the server: those of the session that its start script made."""
        result = []
        for entry in pathlib.Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    # After the process name in parentheses, /proc/PID/stat has the fields state, parent, process group
                    # and session.
                    fields = (entry / "stat").read_text().rpartition(") ")[2].split()
                except OSError:
                    continue
                if fields[0] != "Z" and int(fields[3]) == self.session:
                    result.append(int(entry.name))
        return result

    def memory(self):
        return resident_mebibytes(self.pids)

    def stop(self):
        subprocess.run([self.directory / "stop.sh"], timeout=30, check=False, stderr=subprocess.DEVNULL)

    def _prepare(self):
        say(f"preparing {self.peer.name}")
        peer, api = self.peer, API(self.peer.port)
        label = f"b{time.time_ns():x}n"
        self.count, self.label = 0, label
        self.users = [peer.address(f"{label}{number}") for number in range(ACCOUNTS)]
        for user in self.users:
            api.json(*peer.registration(user))
        answers = [api.json(*peer.login(user)) for user in self.users]
        if peer.refresh_ends_access_tokens:
            # Refresh other sessions than those in `answers`, because a refresh would end their access tokens.
            again = [api.json(*peer.login(user)) for user in self.users[:8]]
        else:
            again = answers
        self.tokens = [answer[peer.access_member] for answer in answers]
        self.profiles = [peer.profile_request(answer) for answer in answers]
        self.chain = [answer[peer.refresh_member] for answer in again][:8] if peer.refresh else []

    def write(self, name, items):
        path = self.requests.directory / f"{self.peer.name}-{name}"
        write_items(path, items)
        return path

    def operations(self, connections):
        """The operations that this peer has: name → (seconds → Sample)."""
        peer = self.peer

        def repeated(name, items, *expected):
            path = self.write(name, items)
            return lambda seconds: self.load.run(
                peer.port, self.pids, connections, seconds, "--requests", path, *expected)

        def slow(measure):
            # Measure for at least four seconds, because some servers take a third of a second to hash a password.
            return lambda seconds: measure(max(SLOW_SECONDS, seconds))

        result = {}
        if peer.jwks:
            result["JWKS"] = repeated("jwks", [request("GET", peer.jwks)])
        result["profile"] = repeated("profile", self.profiles)
        if peer.introspect:
            result["introspection"] = repeated("introspect", [
                request("POST", peer.introspect, {**FORM, "Authorization": CLIENT}, form(token=token))
                for token in self.tokens
            ], "--expect", "true")
        if peer.refresh:
            result["refresh"] = self._refresh
        result["login"] = slow(repeated("login", [request(*peer.login(user)) for user in self.users]))
        result["register"] = slow(lambda seconds: self._register(connections, seconds))
        return result

    def _refresh(self, seconds):
        path, fields, before, behind, key = self.peer.refresh
        head = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in fields.items())]
        chain = self.write(
            "chain", ["".join(line + "\r\n" for line in head).encode(), before, behind, *map(str.encode, self.chain)])
        left = self.requests.directory / f"{self.peer.name}-left"
        sample = self.load.run(
            self.peer.port, self.pids, len(self.chain), seconds, "--chain", chain, "--key", key, "--tokens", left)
        self.chain = [token for token in left.read_text().split("\n") if token]
        if not self.chain:
            raise BenchmarkFailure(f"{self.peer.name} refuses every refresh: {sample.first_error}")
        return sample

    def _register(self, connections, seconds):
        needed = int((seconds + 1) * 400) + connections
        path = self.write("register", [
            request(*self.peer.registration(self.peer.address(f"{self.label}r{self.count + number}")))
            for number in range(needed)
        ])
        self.count += needed
        return self.load.run(self.peer.port, self.pids, connections, seconds, "--requests", path, "--once")


def start_all(directory, cores, load, requests, stack):
    """Starts every peer that is set up. Says why another is left out. ``stack`` stops them."""
    running = []
    for peer in all_peers(directory):
        try:
            server = RunningPeer(peer, directory, cores, load, requests)
        except (BenchmarkFailure, OSError, subprocess.SubprocessError, KeyError, ValueError) as failure:
            say(f"bench: {peer.name} is left out: {failure}")
            continue
        stack.callback(server.stop)
        running.append(server)
    return running


@dataclasses.dataclass
class Comparison:
    """What one server did in one operation: medians."""

    server: str
    operation: str
    per_second: float
    p99: float
    cost: float
    errors: int
    first_error: str
    #: The rate of Signet divided by the rate of this server: the median over all rounds.
    signet_by_rate: float
    #: The processor time per answer of this server divided by that of Signet.
    signet_by_cost: float
    #: Resident memory of all processes of this server after the measurements, in MiB.
    memory: float
