"""Perl's Crypt::JWT with the issuer's key set."""

import unittest

import issuer
import programs
import versions
from cases import VerifierCases
from page import Page

# The program exits with 3 if it refuses the token. It fetches the keys outside `eval`, so that a failed fetch gives
# another exit code.
DRIVER = """
my $token = do { local $/; <STDIN> };
keys_of_issuer();
my $claims = eval { claims($token) } or exit 3;
print $claims->{sub};
"""


class PerlInterop(VerifierCases, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        versions.debian("Perl Crypt::JWT", "libcrypt-jwt-perl")
        code = Page("perl-crypt-jwt").block("perl", {"https://id.example.com": issuer.shared().url})
        cls.program = code + DRIVER

    def subject(self, token):
        return programs.subject(["perl", "-e", self.program], token)
