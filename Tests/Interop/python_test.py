"""What a Python service does with Signet: PyJWT verifies, Authlib introspects, revokes and asks for tokens."""

import unittest

import jwt
import requests
from authlib.integrations.requests_client import OAuth2Session

from running_issuer import RunningIssuer


class PythonInterop(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.issuer = RunningIssuer()
        cls.client_id, cls.client_secret = cls.issuer.create_client("--scope", "orders.read orders.write")
        cls.metadata = requests.get(f"{cls.issuer.url}/.well-known/oauth-authorization-server", timeout=10).json()
        account = {"name": "Ines", "email": "ines@example.com", "password": "correct horse battery"}
        requests.post(f"{cls.issuer.url}/api/register", json=account, timeout=30).raise_for_status()
        cls.account = account

    @classmethod
    def tearDownClass(cls):
        status = cls.issuer.stop()
        if status != 0:
            raise AssertionError(f"the issuer ended with {status}")

    def login(self):
        answer = requests.post(
            f"{self.issuer.url}/api/login",
            json={"email": self.account["email"], "password": self.account["password"]},
            timeout=30,
        )
        self.assertEqual(answer.status_code, 200)
        return answer.json()

    def oauth(self, method="client_secret_basic"):
        return OAuth2Session(
            self.client_id, self.client_secret, token_endpoint_auth_method=method, scope="orders.read",
            revocation_endpoint_auth_method=method,
        )

    def verify(self, token, **changes):
        keys = jwt.PyJWKClient(self.metadata["jwks_uri"])
        options = {"algorithms": ["RS256"], "audience": self.issuer.url, "issuer": self.issuer.url, **changes}
        return jwt.decode(token, keys.get_signing_key_from_jwt(token).key, **options)

    def test_pyjwt_accepts_an_access_token_and_refuses_it_elsewhere(self):
        tokens = self.login()
        claims = self.verify(tokens["accessToken"])
        self.assertEqual(claims["sub"], tokens["user"]["_id"])
        self.assertEqual(jwt.get_unverified_header(tokens["accessToken"])["typ"], "at+jwt")
        for member in ("iss", "sub", "aud", "exp", "iat", "jti", "client_id", "sid", "scope", "auth_time"):
            self.assertIn(member, claims)
        with self.assertRaises(jwt.InvalidAudienceError):
            self.verify(tokens["accessToken"], audience="https://elsewhere.example.com")
        with self.assertRaises(jwt.InvalidSignatureError):
            self.verify(tokens["accessToken"][:-8] + "AAAAAAAA")

    def test_authlib_introspects_both_kinds_and_sees_a_logout_at_once(self):
        tokens = self.login()
        with self.oauth() as session:
            endpoint = self.metadata["introspection_endpoint"]
            for kind, token in (("access_token", tokens["accessToken"]), ("refresh_token", tokens["refreshToken"])):
                # The hint may be wrong: the answer must not depend on it.
                for hint in ("access_token", "refresh_token"):
                    answer = session.introspect_token(endpoint, token=token, token_type_hint=hint)
                    self.assertEqual(answer.status_code, 200)
                    self.assertTrue(answer.json()["active"], kind)
            logout = requests.post(
                f"{self.issuer.url}/api/logout", json={"refreshToken": tokens["refreshToken"]}, timeout=10
            )
            self.assertEqual(logout.status_code, 200)
            for token in (tokens["accessToken"], tokens["refreshToken"], "nonsense"):
                self.assertEqual(session.introspect_token(endpoint, token=token).text, '{"active":false}')

    def test_authlib_revokes(self):
        for method in ("client_secret_basic", "client_secret_post"):
            tokens = self.login()
            with self.oauth(method) as session:
                answer = session.revoke_token(self.metadata["revocation_endpoint"], token=tokens["refreshToken"])
                self.assertEqual(answer.status_code, 200)
            after = requests.post(
                f"{self.issuer.url}/api/refresh-token", json={"refreshToken": tokens["refreshToken"]}, timeout=10
            )
            self.assertEqual(after.status_code, 401)

    def test_authlib_gets_and_refreshes_tokens_at_the_token_endpoint(self):
        with self.oauth() as session:
            granted = session.fetch_token(self.metadata["token_endpoint"], grant_type="client_credentials")
            self.assertEqual(granted["scope"], "orders.read")
            claims = self.verify(granted["access_token"])
            self.assertEqual(claims["sub"], self.client_id)
            self.assertEqual(claims["client_id"], self.client_id)
        tokens = self.login()
        with self.oauth() as session:
            refreshed = session.refresh_token(self.metadata["token_endpoint"], refresh_token=tokens["refreshToken"])
            self.assertNotEqual(refreshed["refresh_token"], tokens["refreshToken"])
            self.verify(refreshed["access_token"])


if __name__ == "__main__":
    unittest.main()
