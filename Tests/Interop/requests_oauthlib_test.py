"""requests-oauthlib: a session that refreshes itself."""

import os
import unittest
from unittest import mock

from oauthlib.oauth2 import InvalidGrantError

import issuer
import versions
from page import Page


# The test issuer has an http URL. Without this variable, the library sends tokens only over https.
@mock.patch.dict(os.environ, {"OAUTHLIB_INSECURE_TRANSPORT": "1"})
class RequestsOAuthlibInterop(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        versions.pypi("requests-oauthlib", "requests-oauthlib")
        cls.issuer = issuer.shared()
        cls.code = {}
        exec(Page("requests-oauthlib").block("python", {"https://id.example.com": cls.issuer.url}), cls.code)

    def session(self, tokens):
        self.kept = []
        return self.code["session"](tokens, self.kept.append)

    def profile(self, session):
        answer = session.get(f"{self.issuer.url}/api/profile", timeout=10)
        answer.raise_for_status()
        return answer.json()["_id"]

    def test_a_valid_token_is_sent_without_a_refresh(self):
        tokens = self.issuer.login()
        self.assertEqual(self.profile(self.session(tokens)), tokens["user"]["_id"])
        self.assertEqual(self.kept, [])

    def test_an_expired_token_is_refreshed_once_and_the_new_tokens_are_stored(self):
        tokens = self.issuer.login()
        session = self.session({**tokens, "expiresIn": -1})
        self.assertEqual(self.profile(session), tokens["user"]["_id"])
        self.assertEqual(self.profile(session), tokens["user"]["_id"])
        self.assertEqual(len(self.kept), 1)
        self.assertNotEqual(self.kept[0]["refresh_token"], tokens["refreshToken"])
        self.assertEqual(session.token["refresh_token"], self.kept[0]["refresh_token"])

    def test_the_refresh_token_of_an_ended_session_is_an_invalid_grant(self):
        tokens = self.issuer.login()
        self.issuer.logout(tokens)
        with self.assertRaises(InvalidGrantError):
            self.profile(self.session({**tokens, "expiresIn": -1}))
        self.assertEqual(self.kept, [])
