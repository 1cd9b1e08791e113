"""golang-jwt with the issuer's key set."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import issuer
import programs
import versions
from cases import VerifierCases
from page import Page

LIBRARY = "github.com/golang-jwt/jwt"
SOURCES = "/usr/share/gocode/src"
DRIVER = """
package main

import (
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		panic(err)
	}
	keys := &keySet{}
	if err := keys.fetch(); err != nil {
		panic(err)
	}
	claims, err := keys.claims(strings.TrimSpace(string(text)))
	if err != nil {
		os.Exit(3)
	}
	fmt.Print(claims["sub"])
}
"""


class GoInterop(VerifierCases, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        version = versions.debian("golang-jwt", "golang-github-golang-jwt-jwt-dev")
        directory = tempfile.TemporaryDirectory(prefix="signet-go-")
        cls.addClassCleanup(directory.cleanup)

        def write(name, text):
            with open(os.path.join(directory.name, name), "w") as file:
                file.write(text)

        write("verify.go", Page("golang-jwt").block("go", {"https://id.example.com": issuer.shared().url}))
        write("main.go", DRIVER)
        # Vendor the library's source code from its Debian package, so that Go downloads nothing.
        write("go.mod", f"module verify\n\ngo 1.19\n\nrequire {LIBRARY} v{version}+incompatible\n")
        shutil.copytree(os.path.join(SOURCES, LIBRARY), os.path.join(directory.name, "vendor", LIBRARY))
        write("vendor/modules.txt", f"# {LIBRARY} v{version}+incompatible\n## explicit\n{LIBRARY}\n")
        cls.program = os.path.join(directory.name, "verify")
        go = os.path.join(os.path.dirname(sys.executable), "go")
        subprocess.run(
            [go, "build", "-o", cls.program, "."], cwd=directory.name, check=True, timeout=300,
            env={**os.environ, "GOFLAGS": "-mod=vendor", "GOPROXY": "off", "GOTOOLCHAIN": "local", "CGO_ENABLED": "0"},
        )

    def subject(self, token):
        return programs.subject([self.program], token)
