"""Signet under measurement: starts it with a store of its own, and makes accounts and tokens through its API."""

import base64
import http.client
import json
import os
import subprocess
import time

from load import write_items
from machine import BenchmarkFailure, Server, free_port, resident_mebibytes

PASSWORD = "correct horse battery"
JSON = {"Content-Type": "application/json"}


class API:
    """The API on a port of 127.0.0.1, for preparations. It uses one connection."""

    def __init__(self, port):
        self.port = port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def send(self, method, path, fields=None, body=None):
        """Sends a request. Returns status, head fields and body."""
        try:
            self.connection.request(method, path, body, fields or {})
            response = self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            # The server closes a connection after a minute without a request. Send the request on a new one.
            self.connection.close()
            self.connection.request(method, path, body, fields or {})
            response = self.connection.getresponse()
        return response.status, response.getheaders(), response.read()

    def json(self, method, path, fields=None, body=None):
        status, _, answer = self.send(method, path, fields, body)
        if not 200 <= status < 300:
            raise BenchmarkFailure(f"{method} {path} answered {status}: {answer[:300]!r}")
        return json.loads(answer) if answer else None

    def post(self, path, value):
        return self.json("POST", path, JSON, json.dumps(value).encode())


class Signet:
    """A running ``signet serve`` on the server's cores, in a directory of its own. ``environment`` holds variables
    besides the settings, ``limit`` is a ``MemoryLimit``."""

    def __init__(self, programs, cores, directory, fast_lane=None, environment=None, limit=None):
        self.program = programs / "signet"
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        self.port, self.operations_port = free_port(), free_port()
        self.environment = {
            "SIGNET_PORT": str(self.port), "SIGNET_OPS_PORT": str(self.operations_port), "SIGNET_DATA": str(directory / "data"),
            "SIGNET_KEYS": str(directory / "keys"), "SIGNET_ACCESS_TOKEN_TTL": "24h", "SIGNET_LOG_LEVEL": "warning",
        }
        if fast_lane is not None:
            self.environment["SIGNET_FAST_LANE"] = fast_lane
        self.server = Server([self.program, "serve"], cores.server, directory / "log",
                             self.environment | (environment or {}), limit)
        try:
            #: Seconds from the start of the server until it printed that it accepts connections.
            self.ready_after = self.server.wait_until_printed("is ready at http")
            self.api = API(self.port)
            self.api.send("GET", "/.well-known/jwks.json")
            time.sleep(0.5)
            #: Resident memory in MiB after the start and one request, before the benchmark sends its requests.
            self.idle_memory = self.memory()
        except BaseException:
            self.server.stop()
            raise

    @property
    def pids(self):
        return [self.server.pid]

    def memory(self, field="VmRSS"):
        return resident_mebibytes(self.pids, field)

    def make_client(self):
        """Makes a client that may introspect. Returns the Authorization field of its requests."""
        output = subprocess.run(
            [self.program, "clients", "create", "bench", "--json"], env={**os.environ, **self.environment}, timeout=60,
            stdout=subprocess.PIPE, check=True, text=True,
        ).stdout
        client = json.loads(output)
        pair = f"{client['client_id']}:{client['client_secret']}"
        return "Basic " + base64.b64encode(pair.encode()).decode()

    def register(self, email):
        return self.api.post("/api/register", {"name": "Bench", "email": email, "password": PASSWORD})

    def login(self, email):
        """Logs in. Returns access token and refresh token."""
        pair = self.api.post("/api/login", {"email": email, "password": PASSWORD})
        return pair["accessToken"], pair["refreshToken"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.stop()


class Requests:
    """Files of requests for http-load."""

    def __init__(self, directory):
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True)

    def write(self, name, items):
        path = self.directory / name
        write_items(path, items)
        return path

    def refreshes(self, name, tokens):
        """A chain of refreshes that starts with the given refresh tokens."""
        head = b"POST /api/refresh-token HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        return self.write(name, [head, b'{"refreshToken":"', b'"}', *(token.encode() for token in tokens)])
