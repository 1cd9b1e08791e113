"""HAProxy verifies tokens with the issuer's public key in a PEM file."""

import subprocess
import unittest

import issuer
import versions
from cases import GatewayCases
from page import Page
from issuer import free_port
from processes import Proxy, upstream


class HAProxyInterop(GatewayCases, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        versions.debian("HAProxy", "haproxy")
        page = Page("haproxy")
        cls.proxy = Proxy(free_port())
        cls.addClassCleanup(cls.proxy.stop)
        keys = page.block("bash", {"https://id.example.com": issuer.shared().url, "/etc/haproxy": cls.proxy.directory.name})
        subprocess.run(["bash", "-eu", "-c", keys], check=True, timeout=30)
        configuration = page.block("haproxy", {
            "https://id.example.com": issuer.shared().url,
            "/etc/haproxy": cls.proxy.directory.name,
            "bind :8080": f"bind 127.0.0.1:{cls.proxy.port}",
            "127.0.0.1:9000": f"127.0.0.1:{upstream().port}",
        })
        cls.proxy.start("haproxy", "-db", "-f", cls.proxy.write("haproxy.cfg", configuration))

    def test_the_audience_is_found_among_the_first_four(self):
        for index in range(4):
            self.assertEqual(self.subject(self.tokens.with_audience_at(index)), self.tokens.subject)
        self.assertIsNone(self.subject(self.tokens.with_audience_at(4)))
