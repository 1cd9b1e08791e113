"""Apache with mod_oauth2, in its three modes."""

import unittest

import apache
import issuer
import versions
from cases import GatewayCases
from page import Page
from processes import upstream


def setUpModule():
    versions.debian("Apache mod_oauth2", "libapache2-mod-oauth2")
    client_id, client_secret = issuer.shared().client
    configuration = Page("mod_oauth2").block("apache", {
        "https://id.example.com": issuer.shared().url,
        "CLIENT_ID": client_id,
        "CLIENT_SECRET": client_secret,
        "127.0.0.1:9000": f"127.0.0.1:{upstream().port}",
    })
    proxy = apache.start(configuration, "oauth2", "mod_oauth2.so")
    unittest.addModuleCleanup(proxy.stop)
    GatewayMode.proxy = proxy


class GatewayMode(GatewayCases):
    proxy = None


class KeysMode(GatewayMode, unittest.TestCase):
    path = "/keys"


class IntrospectionMode(GatewayMode, unittest.TestCase):
    path = "/introspection"
    sees_logout = True


class MetadataMode(GatewayMode, unittest.TestCase):
    path = "/metadata"
