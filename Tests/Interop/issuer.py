"""Runs a real issuer in a temporary directory, and makes valid and invalid tokens for the tests of consumers."""

import atexit
import base64
import functools
import json
import os
import socket
import subprocess
import tempfile

import jwt
import requests
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

AUDIENCE = "https://api.example.com"
# The audience of a second service, which the test client may request.
BILLING = "https://billing.example.com"
PASSWORD = "correct horse battery"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Issuer:
    def __init__(self, **settings):
        self._directory = tempfile.TemporaryDirectory(prefix="signet-interop-")
        port = free_port()
        operations_port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.operations_url = f"http://127.0.0.1:{operations_port}"
        self._environment = {
            "PATH": os.environ["PATH"],
            "SIGNET_PORT": str(port),
            "SIGNET_OPS_PORT": str(operations_port),
            "SIGNET_ISSUER": self.url,
            "SIGNET_AUDIENCE": AUDIENCE,
            # Let the contract tests choose a client address with X-Forwarded-For. With a single address, their many
            # failed logins would delay each other.
            "SIGNET_TRUSTED_PROXIES": "127.0.0.1",
            **settings,
        }
        self._process = subprocess.Popen(
            [os.environ["SIGNET_TEST_BINARY"], "serve"],
            cwd=self._directory.name,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        # Stop the server if the test run is interrupted.
        atexit.register(self._process.kill)
        for line in self._process.stderr:
            if "Signet is ready" in line:
                break
        else:
            raise RuntimeError("the issuer did not start")
        self.metadata = requests.get(f"{self.url}/.well-known/oauth-authorization-server", timeout=10).json()
        self.keys = requests.get(self.metadata["jwks_uri"], timeout=10).json()

    def create_client(self, *options):
        """Creates a client; returns its id and secret."""
        output = subprocess.run(
            [os.environ["SIGNET_TEST_BINARY"], "clients", "create", "interop", "--json", *options],
            cwd=self._directory.name,
            env=self._environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        created = json.loads(output)
        return created["client_id"], created["client_secret"]

    @functools.cached_property
    def client(self):
        """The id and secret of a client that may introspect."""
        return self.create_client("--scope", "orders.read orders.write", "--audience", BILLING)

    def client_token(self, *audiences):
        """A token of the client itself, for these audiences in this order."""
        answer = requests.post(
            self.metadata["token_endpoint"], auth=self.client, timeout=10,
            data={"grant_type": "client_credentials", "audience": audiences},
        )
        answer.raise_for_status()
        return answer.json()["access_token"]

    def introspect(self, token, media_type="application/json"):
        """The introspection response that the client gets for a token."""
        answer = requests.post(
            self.metadata["introspection_endpoint"], auth=self.client, timeout=10, data={"token": token},
            headers={"Accept": media_type},
        )
        answer.raise_for_status()
        return answer

    @functools.cached_property
    def _account(self):
        account = {"name": "Ines", "email": "ines@example.com", "password": PASSWORD}
        requests.post(f"{self.url}/api/register", json=account, timeout=30).raise_for_status()
        return account

    def login(self):
        account = {name: self._account[name] for name in ("email", "password")}
        answer = requests.post(f"{self.url}/api/login", json=account, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def logout(self, tokens):
        body = {"refreshToken": tokens["refreshToken"]}
        requests.post(f"{self.url}/api/logout", json=body, timeout=10).raise_for_status()

    @functools.cached_property
    def tokens(self):
        return Tokens(self)

    def private_key(self, kid):
        with open(os.path.join(self._directory.name, "keys", f"{kid}.pem"), "rb") as file:
            return file.read()

    def stop(self):
        self._process.terminate()
        status = self._process.wait(timeout=30)
        self._process.stderr.close()
        self._directory.cleanup()
        return status


class Tokens:
    """A valid access token, and one invalid token for each kind of fault.

    The valid token comes from a login. Each other token is a copy of it with one change. It is signed with the issuer's key,
    unless the signature is the fault.
    """

    def __init__(self, issuer):
        self.good = issuer.login()["accessToken"]
        self.header = jwt.get_unverified_header(self.good)
        self.claims = jwt.decode(self.good, options={"verify_signature": False})
        self.subject = self.claims["sub"]
        self.client = issuer.client[0]
        # Two access tokens of the test client for both audiences. They list the audiences in different orders.
        self.several_audiences = [issuer.client_token(AUDIENCE, BILLING), issuer.client_token(BILLING, AUDIENCE)]
        # An access token of the test client for the audience BILLING only. The issuer's introspection response to the
        # test client says that the token is active.
        self.billing = issuer.client_token(BILLING)
        self._key = issuer.private_key(self.header["kid"])

        other_session = issuer.login()["accessToken"]
        self.bad_signature = ".".join(self.good.split(".")[:2] + other_session.split(".")[2:])
        hour = 3600
        self.expired = self._signed(
            {name: self.claims[name] - hour for name in ("exp", "iat", "auth_time")}
        )
        self.other_audience = self._signed({"aud": "https://elsewhere.example.com"})
        # A token for two other audiences, whose names contain AUDIENCE. A consumer that only searches for AUDIENCE as a
        # substring would accept the token.
        self.other_audiences = self._signed({"aud": [f"{AUDIENCE}.elsewhere.example.com", f"urn:{AUDIENCE}"]})
        self.other_issuer = self._signed({"iss": "https://id.elsewhere.example.com"})
        self.without_expiry = self._signed({"exp": None})
        # A token whose `typ` is JWT instead of at+jwt, and one without `typ`.
        self.other_types = [self._signed({}, {"typ": typ}) for typ in ("JWT", None)]
        # Documents that the issuer signs and that are not access tokens: an introspection response and a status list.
        self.other_documents = [
            issuer.introspect(self.good, "application/token-introspection+jwt").text,
            requests.get(self.claims["status"]["status_list"]["uri"], timeout=10).text,
        ]
        self.other_key = jwt.encode(
            self.claims, rsa.generate_private_key(65537, 2048), algorithm="RS256", headers=self.header
        )
        self.alg_none = self._naming("none", lambda signed: b"")
        # Both tokens have the `alg` RS512. `alg_misnamed` has an RS256 signature. `alg_rs512` has a valid RS512
        # signature, although the issuer's JWK has the `alg` RS256.
        self.alg_misnamed = self._rs512(hashes.SHA256())
        self.alg_rs512 = self._rs512(hashes.SHA512())
        # An HS256 token whose HMAC key is the issuer's public key. A verifier that trusts the `alg` of a token accepts
        # it.
        public = jwt.PyJWK(issuer.keys["keys"][0]).key.public_bytes
        self.alg_hmac = self._hmac(public)

    def with_audience_at(self, index):
        """The valid token with a list of audiences, in which AUDIENCE has this index."""
        return self._signed({"aud": [*(f"https://{number}.example.com" for number in range(index)), AUDIENCE]})

    def _signed(self, changes, header_changes=()):
        """The valid token with changed members; ``None`` removes a member."""
        claims = {name: value for name, value in {**self.claims, **changes}.items() if value is not None}
        header = {**self.header, **dict(header_changes)}
        return jwt.encode(claims, self._key, algorithm="RS256", headers=header)

    def _naming(self, algorithm, sign):
        """The valid token with another `alg` in its header; ``sign`` makes the signature."""
        signed = self._segment(json.dumps({**self.header, "alg": algorithm}).encode()) + "." + self.good.split(".")[1]
        return signed + "." + self._segment(sign(signed.encode()))

    def _rs512(self, hash):
        key = serialization.load_pem_private_key(self._key, None)
        return self._naming("RS512", lambda signed: key.sign(signed, padding.PKCS1v15(), hash))

    def _hmac(self, public_bytes):
        pem = public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)

        def sign(signed):
            mac = hmac.HMAC(pem, hashes.SHA256())
            mac.update(signed)
            return mac.finalize()

        return self._naming("HS256", sign)

    @staticmethod
    def _segment(octets):
        return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


@functools.cache
def shared():
    """The issuer that all tests of a run share. Tests/Interop/__main__.py stops it."""
    return Issuer()
