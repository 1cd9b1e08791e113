"""The processes of a drill: an issuer, the programs of Examples, and a network that loses answers."""

import base64
import http.server
import json
import os
import pathlib
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "Examples"
PASSWORD = "correct horse battery"
PATIENCE = 45
AUDIENCE = "orders"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def eventually(what, condition, patience=PATIENCE):
    """Waits until `condition` returns a true value, and returns that."""
    deadline = time.monotonic() + patience
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {patience} s: {what}")
        time.sleep(0.05)


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)


def send(method, url, body=None, headers=None):
    request = urllib.request.Request(url, data=body, headers=headers or {}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            return Answer(response.status, response.headers, response.read().decode())
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.headers, error.read().decode())


def post(url, value):
    return send("POST", url, json.dumps(value).encode(), {"Content-Type": "application/json"})


class Program:
    """A process whose output is in a file."""

    def __init__(self, world, name, *command, environment=None, clock=0):
        self.name = name
        self._path = world.path(f"{name}-{len(world.programs)}.log")
        variables = {"PATH": "/usr/bin:/bin", "HOME": str(world.directory), "SWIFT_BACKTRACE": "enable=no"}
        if clock:
            variables |= {"LD_PRELOAD": os.environ["SIGNET_DRILL_CLOCK"], "DRILL_CLOCK_OFFSET": str(clock)}
        with open(self._path, "w") as log:
            self.process = subprocess.Popen(
                command, cwd=world.directory, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                env=variables | (environment or {}))
        world.programs.append(self)

    @property
    def log(self):
        return self._path.read_text(errors="replace")

    def line(self, *parts):
        """Waits for a line of the log with all `parts`, and returns it."""

        def found():
            return next((line for line in self.log.split("\n") if all(part in line for part in parts)), None)

        try:
            return eventually("", found)
        except AssertionError:
            raise AssertionError(f"{self.name} logged no line with {parts}:\n{self.log}") from None

    def exit_code(self):
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self.name} did not end:\n{self.log}") from None

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class World:
    """The processes and files of one drill. They end with it."""

    def __init__(self):
        self._temporary = tempfile.TemporaryDirectory(prefix="signet-drill-")
        self.directory = pathlib.Path(self._temporary.name)
        self.programs = []
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.settings = {
            "SIGNET_PORT": str(self.port), "SIGNET_OPS_PORT": str(free_port()), "SIGNET_ISSUER": self.url,
            "SIGNET_LOGIN_AUDIENCES": AUDIENCE, "SIGNET_LOGIN_SCOPES": "orders:read",
            "SIGNET_DATA": str(self.path("data")), "SIGNET_KEYS": str(self.path("keys")),
        }
        self.issuer = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for program in self.programs:
            program.stop()
        self._temporary.cleanup()

    def path(self, name):
        return self.directory / name

    # The issuer.

    def start_issuer(self, clock=0, **settings):
        self.settings |= settings
        self.issuer = Program(
            self, "signet", os.environ["SIGNET_TEST_BINARY"], "serve", environment=self.settings, clock=clock)
        self.issuer.line("Signet is ready")

    def signet(self, *arguments):
        result = subprocess.run(
            [os.environ["SIGNET_TEST_BINARY"], *arguments], cwd=self.directory, env={"PATH": "/usr/bin:/bin", **self.settings},
            capture_output=True, text=True, timeout=PATIENCE)
        assert result.returncode == 0, f"signet {' '.join(arguments)}: {result.stderr}"
        return result.stdout

    def register(self, email="alice@example.com"):
        answer = post(f"{self.url}/api/register", {"name": "Alice", "email": email, "password": PASSWORD})
        assert answer.status == 201, answer.body

    def log_in(self, email="alice@example.com"):
        answer = post(
            f"{self.url}/api/login",
            {"email": email, "password": PASSWORD, "audience": AUDIENCE, "scope": "orders:read"})
        assert answer.status == 200, answer.body
        return answer.json

    def client_token(self, scope):
        client = json.loads(self.signet("clients", "create", "warehouse", "--audience", AUDIENCE, "--scope", scope, "--json"))
        credentials = base64.b64encode(f"{client['client_id']}:{client['client_secret']}".encode()).decode()
        answer = send(
            "POST", f"{self.url}/oauth2/token", f"grant_type=client_credentials&audience={AUDIENCE}".encode(),
            {"Authorization": f"Basic {credentials}", "Content-Type": "application/x-www-form-urlencoded"})
        assert answer.status == 200, answer.body
        return answer.json["access_token"]

    def fetch_keys(self):
        """Replaces jwks.json by the keys that the issuer publishes, as the README of token-check says."""
        new = self.path("jwks.new")
        new.write_text(send("GET", f"{self.url}/.well-known/jwks.json").body)
        new.rename(self.path("jwks.json"))

    # The examples.

    def service(self, *arguments, issuer=None, audience=AUDIENCE, clock=0, waits=True):
        port = free_port()
        program = Program(
            self, "orders-service", os.environ["SIGNET_DRILL_ORDERS_SERVICE"], "--issuer", issuer or self.url, "--port",
            str(port), "--audience", audience, *arguments, clock=clock)
        program.url = f"http://127.0.0.1:{port}"
        if waits:
            program.line("listening on")
        return program

    def check(self, *tokens, clock=0, **flags):
        """Runs token-check once for `tokens`, and returns its exit code and its output."""
        flags = {"keys": "jwks.json", "issuer": self.url, "audience": AUDIENCE} | flags
        environment = {"PATH": "/usr/bin:/bin"}
        if clock:
            environment |= {"LD_PRELOAD": os.environ["SIGNET_DRILL_CLOCK"], "DRILL_CLOCK_OFFSET": str(clock)}
        result = subprocess.run(
            [os.environ["SIGNET_DRILL_TOKEN_CHECK"], *(word for name in flags for word in (f"--{name}", flags[name]))],
            cwd=self.directory, input="".join(token + "\n" for token in tokens), capture_output=True, text=True,
            timeout=PATIENCE, env=environment)
        return result.returncode, result.stdout + result.stderr

    def command(self, *arguments, issuer=None, service="http://127.0.0.1:1", patience=90):
        """Runs orders-command, and returns its exit code and its output."""
        result = subprocess.run(
            [os.environ["SIGNET_DRILL_ORDERS_COMMAND"], *arguments, "--issuer", issuer or self.url, "--service", service,
             "--tokens", str(self.path("tokens"))],
            cwd=self.directory, env={"PATH": "/usr/bin:/bin", "ORDERS_PASSWORD": PASSWORD}, capture_output=True, text=True,
            timeout=patience)
        return result.returncode, result.stdout + result.stderr


def orders(service, token, path="/orders", method="GET"):
    return send(method, service.url + path, headers={"Authorization": f"Bearer {token}"})


class LossyNetwork:
    """A network to an issuer that loses the answers to the next `losses` refreshes, after they took effect."""

    def __init__(self, target, losses):
        network = self
        self.losses = losses
        self.lost = 0

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name: self.headers[name] for name in ("Content-Type", "Authorization") if self.headers[name]}
                answer = send("POST", target + self.path, body, headers)
                if self.path == "/api/refresh-token" and network.lost < network.losses:
                    network.lost += 1
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.headers["Content-Type"])
                self.send_header("Content-Length", str(len(answer.body.encode())))
                self.end_headers()
                self.wfile.write(answer.body.encode())

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                """Ignores connections that this network has cut."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
