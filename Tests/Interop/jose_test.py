"""latchset jose in a shell: checks signatures, and that key ids are thumbprints."""

import subprocess
import tempfile
import unittest

import issuer
import programs
import versions
from cases import VerifierCases
from page import Page

DRIVER = """
claims=$(claims) || exit 3
jq -r .sub <<<"$claims"
"""


class JoseInterop(VerifierCases, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        versions.debian("latchset jose", "jose")
        directory = tempfile.TemporaryDirectory(prefix="signet-jose-")
        cls.addClassCleanup(directory.cleanup)
        cls.directory = directory.name
        cls.page = Page("jose")
        cls.code = cls.page.block("bash", {"https://id.example.com": issuer.shared().url})

    def shell(self, code):
        return ["bash", "-eu", "-c", f"cd {self.directory}\n{code}"]

    def subject(self, token):
        return programs.subject(self.shell(self.code + DRIVER), token)

    def test_the_id_of_a_key_is_its_thumbprint(self):
        self.subject(self.tokens.good)
        output = subprocess.run(
            self.shell(self.page.block("bash", number=1)), check=True, capture_output=True, text=True, timeout=30
        ).stdout
        pairs = [line.split() for line in output.splitlines()]
        self.assertEqual([pair[0] for pair in pairs], [key["kid"] for key in issuer.shared().keys["keys"]])
        for kid, thumbprint in pairs:
            self.assertEqual(kid, thumbprint)
