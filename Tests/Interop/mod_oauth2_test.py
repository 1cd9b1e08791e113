"""Apache with mod_oauth2, in its three modes."""

import unittest

import apache
import issuer
import versions
from cases import GatewayCases, IntrospectionCases
from introspections import Introspections
from page import Page
from processes import upstream


def setUpModule():
    versions.debian("Apache mod_oauth2", "libapache2-mod-oauth2")
    client_id, client_secret = issuer.shared().client
    introspections = Introspections(issuer.shared())
    unittest.addModuleCleanup(introspections.stop)
    configuration = Page("mod_oauth2").block("apache", {
        "https://id.example.com/oauth2/introspect": introspections.endpoint,
        "https://id.example.com/.well-known/oauth-authorization-server":
            f"{introspections.url}/.well-known/oauth-authorization-server",
        "https://id.example.com": issuer.shared().url,
        "CLIENT_ID": client_id,
        "CLIENT_SECRET": client_secret,
        "127.0.0.1:9000": f"127.0.0.1:{upstream().port}",
    })
    proxy = apache.start(configuration, "oauth2", "mod_oauth2.so")
    unittest.addModuleCleanup(proxy.stop)
    GatewayMode.proxy = proxy
    IntrospectionMode.introspections = MetadataMode.introspections = introspections


class GatewayMode(GatewayCases):
    proxy = None


class KeysMode(GatewayMode, unittest.TestCase):
    path = "/keys"
    accepts_other_types = "the module does not look at typ"
    accepts_other_algorithms = "the module does not look at the key's alg"


class IntrospectionMode(IntrospectionCases, GatewayMode, unittest.TestCase):
    path = "/introspection"
    sees_logout = True


class MetadataMode(GatewayMode, unittest.TestCase):
    path = "/metadata"
    accepts_other_types = KeysMode.accepts_other_types
    accepts_other_algorithms = KeysMode.accepts_other_algorithms
    introspections = None

    def test_a_jwt_is_not_introspected(self):
        token = issuer.shared().login()["accessToken"]
        self.assertEqual(self.subject(token), self.tokens.subject)
        self.assertNotIn(token, self.introspections.asked)

    def test_an_opaque_token_is_introspected_and_refused(self):
        # The module sends no client credentials, so the endpoint answers 401 and never calls the token active. The test
        # therefore checks only that the module asks and then refuses the token.
        token = self.introspections.token(issuer.shared().introspect(self.tokens.good).json())
        self.assertIsNone(self.subject(token))
        self.assertIn(token, self.introspections.asked)
