"""The programs around a test: a service to protect, and proxies in front of it."""

import functools
import http.server
import os
import socket
import subprocess
import tempfile
import threading
import time

import requests

from issuer import free_port


class Upstream:
    """The service behind a proxy. It answers with the value of the `X-Subject` header that the proxy sends."""

    class _Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            body = self.headers.get("X-Subject", "").encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    class _Server(http.server.ThreadingHTTPServer):
        def handle_error(self, *_):
            """Ignores proxies that close the connection."""

    def __init__(self):
        self._server = self._Server(("127.0.0.1", 0), self._Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()


@functools.cache
def upstream():
    return Upstream()


class Proxy:
    """A server process in a temporary directory, with configuration files that the test writes there."""

    def __init__(self, port):
        self.port = port
        self.directory = tempfile.TemporaryDirectory(prefix="signet-proxy-")
        # Some servers start as root and then change to another user, who must be able to read the directory.
        os.chmod(self.directory.name, 0o755)
        self._process = None
        self._log = None

    def path(self, name):
        return os.path.join(self.directory.name, name)

    def write(self, name, text):
        with open(self.path(name), "w") as file:
            file.write(text)
        return self.path(name)

    def start(self, *command, environment=None):
        self._log = open(self.path("output"), "w")
        self._process = subprocess.Popen(
            command, cwd=self.directory.name, stdout=self._log, stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise AssertionError(f"{command[0]} exited with {self._process.returncode}:\n{self.output()}")
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except ConnectionRefusedError:
                time.sleep(0.02)
        raise AssertionError(f"{command[0]} did not listen on port {self.port} within 60 s:\n{self.output()}")

    def output(self):
        with open(self.path("output")) as file:
            return file.read()

    def get(self, path="/", token=None, port=None):
        headers = {"X-Subject": "somebody else"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        return requests.get(f"http://127.0.0.1:{port or self.port}{path}", headers=headers, timeout=30)

    def stop(self):
        if self._process:
            self._process.terminate()
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._log.close()
        self.directory.cleanup()
