"""Apache with mod_auth_openidc as a resource server, with keys and with introspection."""

import unittest

import apache
import issuer
import versions
from cases import GatewayCases, IntrospectionCases
from introspections import Introspections
from page import Page
from processes import upstream
from tls import TLSFront


def setUpModule():
    versions.debian("Apache mod_auth_openidc", "libapache2-mod-auth-openidc")
    client_id, client_secret = issuer.shared().client
    ports = [issuer.free_port(), issuer.free_port()]
    introspections = Introspections(issuer.shared())
    unittest.addModuleCleanup(introspections.stop)
    front = TLSFront(introspections.address)
    unittest.addModuleCleanup(front.stop)
    configuration = Page("mod_auth_openidc").block("apache", {
        # The module accepts only https endpoints, so it reaches the issuer through the TLS proxy `front`. The URL
        # without a slash at the end is the issuer identifier, which stays http.
        "https://id.example.com/": f"{front.url}/",
        "/etc/ssl/certs/ca-certificates.crt": front.authority,
        "https://id.example.com": issuer.shared().url,
        "*:8080": f"127.0.0.1:{ports[0]}",
        "*:8081": f"127.0.0.1:{ports[1]}",
        "CLIENT_ID": client_id,
        "CLIENT_SECRET": client_secret,
        "127.0.0.1:9000": f"127.0.0.1:{upstream().port}",
    })
    proxy = apache.start(configuration, "auth_openidc", "mod_auth_openidc.so", ports)
    unittest.addModuleCleanup(proxy.stop)
    KeysMode.proxy = IntrospectionMode.proxy = proxy
    IntrospectionMode.port = ports[1]
    IntrospectionMode.introspections = introspections


class KeysMode(GatewayCases, unittest.TestCase):
    proxy = None
    accepts_other_types = "the module does not look at typ"
    accepts_other_algorithms = "the module does not look at the key's alg"
    accepts_tokens_without_exp = "the module looks at exp where there is one; Signet always writes it"


class IntrospectionMode(IntrospectionCases, GatewayCases, unittest.TestCase):
    proxy = None
    sees_logout = True
