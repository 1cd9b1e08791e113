"""ruby-jwt with the issuer's key set."""

import unittest

import issuer
import programs
import versions
from cases import VerifierCases
from page import Page

DRIVER = """
begin
  print claims(STDIN.read)["sub"]
rescue JWT::DecodeError
  exit 3
end
"""


class RubyInterop(VerifierCases, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        versions.debian("ruby-jwt", "ruby-jwt")
        code = Page("ruby-jwt").block("ruby", {"https://id.example.com": issuer.shared().url})
        cls.program = code + DRIVER

    def subject(self, token):
        return programs.subject(["ruby", "-e", self.program], token)
