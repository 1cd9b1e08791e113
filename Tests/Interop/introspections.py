"""A server in front of the issuer that answers introspection of some tokens with responses that a test has chosen."""

import http.server
import json
import threading
import urllib.parse
import uuid

import requests


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """Ignores consumers that close the connection."""


class Introspections:
    """Passes requests on to the issuer. For tokens from ``token``, it answers introspection with the test's response.

    A real issuer calls a token inactive if it is for another audience or of another issuer. These responses call it active, so
    that the consumer's own checks must refuse it.
    """

    def __init__(self, issuer):
        #: The introspection response for each token that ``token()`` has returned.
        self.answers = {}
        #: The tokens that consumers have introspected at this server.
        self.asked = set()
        introspections = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                answer = requests.get(issuer.url + self.path, timeout=30)
                # Replace the introspection endpoint in the issuer's metadata with this server, so that consumers ask
                # this server.
                endpoint = issuer.metadata["introspection_endpoint"]
                self._send(answer, answer.text.replace(endpoint, introspections.endpoint))

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                token = urllib.parse.parse_qs(body.decode())["token"][0]
                introspections.asked.add(token)
                headers = {name: self.headers[name] for name in ("Authorization", "Content-Type") if name in self.headers}
                answer = requests.post(issuer.url + self.path, body, headers=headers, timeout=30)
                made_up = introspections.answers.get(token)
                self._send(answer, json.dumps(made_up) if made_up and answer.status_code == 200 else answer.text)

            def _send(self, answer, text):
                body = text.encode()
                self.send_response(answer.status_code)
                for name in ("Content-Type", "Cache-Control"):
                    if name in answer.headers:
                        self.send_header(name, answer.headers[name])
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self._server.server_address[1]}"
        self.url = f"http://{self.address}"
        self.endpoint = f"{self.url}/oauth2/introspect"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def token(self, answer):
        """Makes an opaque token; its introspection response is ``answer``."""
        token = f"made-up-{uuid.uuid4()}"
        self.answers[token] = answer
        return token

    def stop(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
