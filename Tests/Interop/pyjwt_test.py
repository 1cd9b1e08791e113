"""PyJWT with the issuer's key set."""

import unittest

import issuer
import versions
from cases import VerifierCases
from page import Page


class PyJWTInterop(VerifierCases, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        versions.pypi("PyJWT", "pyjwt")
        cls.code = {}
        exec(Page("pyjwt").block("python", {"https://id.example.com": issuer.shared().url}), cls.code)

    def subject(self, token):
        try:
            return self.code["claims"](token)["sub"]
        except self.code["jwt"].PyJWTError:
            return None

    def test_the_claims_are_those_of_an_access_token(self):
        claims = self.code["claims"](self.tokens.good)
        for member in ("iss", "sub", "aud", "exp", "iat", "jti", "client_id", "sid", "scope", "auth_time"):
            self.assertIn(member, claims)
