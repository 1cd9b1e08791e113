"""Authlib as a client: introspects, revokes, refreshes and gets tokens of its own."""

import unittest

import jwt
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session

import issuer
import versions
from cases import IntrospectionCases, VerifierCases
from introspections import Introspections
from page import Page


class AuthlibInterop(IntrospectionCases, VerifierCases, unittest.TestCase):
    sees_logout = True

    @classmethod
    def setUpClass(cls):
        versions.pypi("Authlib", "authlib")
        cls.issuer = issuer.shared()
        cls.introspections = Introspections(cls.issuer)
        cls.addClassCleanup(cls.introspections.stop)
        cls.code = {}
        exec(Page("authlib").block("python", {
            "{ISSUER}/oauth2/introspect": cls.introspections.endpoint,
            "https://id.example.com": cls.issuer.url,
            "CLIENT_ID": cls.issuer.client[0],
            "CLIENT_SECRET": cls.issuer.client[1],
        }), cls.code)

    def subject(self, token):
        claims = self.code["claims"](token)
        return claims and claims["sub"]

    def test_a_client_gets_its_own_token(self):
        granted = self.code["own_token"]()
        self.assertEqual(granted["scope"], "orders.read")
        claims = self.code["claims"](granted["access_token"])
        self.assertEqual((claims["sub"], claims["client_id"]), (self.issuer.client[0],) * 2)

    def test_a_client_gets_tokens_only_for_audiences_that_it_may_request(self):
        for parameter in ("audience", "resource"):
            token = self.code["own_token"](**{parameter: issuer.BILLING})["access_token"]
            key = jwt.PyJWKSet.from_dict(self.issuer.keys)[jwt.get_unverified_header(token)["kid"]]
            claims = jwt.decode(token, key, algorithms=["RS256"], audience=issuer.BILLING)
            self.assertEqual((claims["aud"], claims["sub"]), (issuer.BILLING, self.issuer.client[0]))
            with self.assertRaises(jwt.InvalidAudienceError):
                jwt.decode(token, key, algorithms=["RS256"], audience=issuer.AUDIENCE)
            self.assertIsNone(self.code["claims"](token))
            with self.assertRaises(OAuthError) as failure:
                self.code["own_token"](**{parameter: issuer.BILLING + "/"})
            self.assertEqual(failure.exception.error, "invalid_target")

    def test_a_refresh_returns_new_tokens(self):
        tokens = self.issuer.login()
        refreshed = self.code["refreshed"](tokens["refreshToken"])
        self.assertNotEqual(refreshed["refresh_token"], tokens["refreshToken"])
        self.assertEqual(self.subject(refreshed["access_token"]), self.tokens.subject)

    def test_revoking_a_refresh_token_ends_the_session(self):
        tokens = self.issuer.login()
        self.code["revoke"](tokens["refreshToken"])
        self.assertIsNone(self.subject(tokens["accessToken"]))
        with self.assertRaises(OAuthError) as failure:
            self.code["refreshed"](tokens["refreshToken"])
        self.assertEqual(failure.exception.error, "invalid_grant")

    def test_an_access_token_introspects_with_every_hint_and_authentication_method(self):
        tokens = self.issuer.login()
        endpoint = self.issuer.metadata["introspection_endpoint"]
        for method in self.issuer.metadata["introspection_endpoint_auth_methods_supported"]:
            with OAuth2Session(*self.issuer.client, token_endpoint_auth_method=method) as session:
                for hint in ("access_token", "refresh_token"):
                    answer = session.introspect_token(endpoint, token=tokens["accessToken"], token_type_hint=hint)
                    self.assertTrue(answer.json()["active"], (method, hint))
                # The refresh token was issued to the issuer's own app and not to this client.
                for token in (tokens["refreshToken"], "nonsense"):
                    self.assertEqual(session.introspect_token(endpoint, token=token).text, '{"active":false}')

    def test_a_wrong_secret_is_refused_as_invalid_client(self):
        with OAuth2Session(self.issuer.client[0], "wrong") as session:
            answer = session.introspect_token(self.issuer.metadata["introspection_endpoint"], token=self.tokens.good)
            self.assertEqual((answer.status_code, answer.json()["error"]), (401, "invalid_client"))
            with self.assertRaises(OAuthError) as failure:
                session.fetch_token(self.issuer.metadata["token_endpoint"], grant_type="client_credentials")
            self.assertEqual(failure.exception.error, "invalid_client")
