"""Generates a client from openapi.yaml in every language, compiles it, and runs the same small program with each.

The commands come from docs/clients.md. The output of each program must equal ``transcript.txt``, in which `EMAIL` stands for the
account's address. Arguments select languages: `go swift`.
"""

import glob
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import time

import issuer
import table
from page import ROOT, Page

PROGRAMS = ROOT / "Tests" / "Clients"
WORK = ROOT / ".build" / "clients"
TOOLS = pathlib.Path(sys.executable).parent


class CommandFailure(Exception):
    pass


def run(*command, cwd=None, environment=None, limit=600):
    """Runs a command and returns its output. Raises ``CommandFailure`` if it fails."""
    result = subprocess.run(
        [str(part) for part in command], cwd=cwd, env={**os.environ, **(environment or {})}, text=True, timeout=limit,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )
    if result.returncode != 0:
        raise CommandFailure(f"{command[0]} exited with {result.returncode}:\n{result.stdout}")
    return result.stdout


def version(pattern, *command):
    """The version in the output of a command: the first group of ``pattern``."""
    return re.search(pattern, run(*command))[1]


class Language:
    """One language: a section of docs/clients.md and a program in Tests/Clients."""

    section = None
    #: The name of the client generator, a key of ``table.PACKAGES``.
    generator = "openapi-generator"

    def generate(self, directory):
        """Runs the page's command for this language in a directory."""
        code = Page("clients", ROOT / "docs", self.section).block("bash", {" openapi.yaml": f" {ROOT}/openapi.yaml"})
        output = run("bash", "-euc", code, cwd=directory, environment={"PATH": f"{TOOLS}:{os.environ['PATH']}"})
        # openapi-generator exits with 0 even if it does not support a part of openapi.yaml. So search its output for
        # errors.
        errors = [line for line in output.splitlines() if re.search(r"\bERROR\b|not supported", line)]
        if errors:
            raise CommandFailure(f"{self.section}: the generator complained:\n" + "\n".join(errors))

    def build(self, directory):
        """Builds the program with the generated client in ``directory``. Returns the command that runs it, and its environment."""
        raise NotImplementedError

    def tools(self):
        """The names and versions of the build tools, as in the table."""
        raise NotImplementedError


class Python(Language):
    section = "Python"

    def build(self, directory):
        run(sys.executable, "-m", "compileall", "-q", directory)
        return [sys.executable, PROGRAMS / "python" / "program.py"], {"PYTHONPATH": str(directory / "client")}

    def tools(self):
        return {"CPython": ".".join(platform.python_version_tuple()[:2])}


class OpenAPIPythonClient(Python):
    section = "Python with openapi-python-client"
    generator = "openapi-python-client"

    def generate(self, directory):
        (directory / "config.yaml").write_text(Page("clients", ROOT / "docs", self.section).block("yaml"))
        super().generate(directory)

    def build(self, directory):
        run(sys.executable, "-m", "compileall", "-q", directory)
        return [sys.executable, PROGRAMS / "openapi-python-client" / "program.py"], {"PYTHONPATH": str(directory)}


class Java(Language):
    """Jackson comes from the generator's JAR. Two JARs that it does not contain come from Debian."""

    section = "Java"

    def build(self, directory):
        generator = glob.glob(f"{TOOLS.parent}/lib/*/site-packages/openapi_generator_cli/*.jar")
        libraries = ["/usr/share/java/jakarta-annotation-api.jar", "/usr/share/java/httpmime.jar", *generator]
        sources = [str(path) for path in (directory / "client" / "src" / "main" / "java").rglob("*.java")]
        classes = directory / "classes"
        run(
            "javac", "-nowarn", "-d", classes, "-cp", ":".join(libraries), PROGRAMS / "java" / "Program.java", *sources
        )
        return ["java", "-cp", ":".join([str(classes), *libraries]), "Program"], {}

    def tools(self):
        return {"JDK": version(r"javac (\d+)", "javac", "-version")}


class TypeScript(Language):
    section = "TypeScript"

    def build(self, directory):
        shutil.copytree(PROGRAMS / "typescript", directory, dirs_exist_ok=True)
        run("tsc", "--project", directory)
        return ["node", directory / "out" / "program.js"], {}

    def tools(self):
        return {"TypeScript": version(r"(\d+\.\d+)", "tsc", "--version"), "Node": version(r"v(\d+)", "node", "--version")}


class Go(Language):
    section = "Go"

    def build(self, directory):
        shutil.rmtree(directory / "signet" / "test")
        shutil.copy(PROGRAMS / "go" / "main.go", directory)
        (directory / "go.mod").write_text("module program\n\ngo 1.21\n")
        environment = {"GOFLAGS": "-mod=mod", "GOPROXY": "off", "GOTOOLCHAIN": "local", "CGO_ENABLED": "0"}
        run(TOOLS / "go", "vet", "./...", cwd=directory, environment=environment)
        run(TOOLS / "go", "build", "-o", directory / "program", ".", cwd=directory, environment=environment)
        return [directory / "program"], {}

    def tools(self):
        return {"Go": version(r"go(\d+\.\d+)", TOOLS / "go", "version")}


class Swift(Language):
    section = "Swift"

    def build(self, directory):
        sources = list((directory / "client" / "Sources" / "Signet").rglob("*.swift"))
        run(
            "swiftc", "-swift-version", "6", "-parse-as-library", "-wmo", "-module-name", "Signet", "-emit-module",
            "-emit-module-path", directory / "Signet.swiftmodule", "-c", "-o", directory / "Signet.o", *sources,
        )
        run(
            "swiftc", "-swift-version", "6", "-I", directory, PROGRAMS / "swift" / "main.swift",
            directory / "Signet.o", "-o", directory / "program",
        )
        return [directory / "program"], {}

    def tools(self):
        return {"Swift": version(r"Swift version (\d+\.\d+)", "swiftc", "--version")}


LANGUAGES = {
    "python": Python(), "openapi-python-client": OpenAPIPythonClient(), "java": Java(), "typescript": TypeScript(),
    "go": Go(), "swift": Swift(),
}


def try_out(name, language, expected):
    """Generates, builds and runs the program of a language. Returns whether its output is as expected."""
    directory = WORK / name
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    start = time.monotonic()
    language.generate(directory)
    command, environment = language.build(directory)
    built = time.monotonic()
    server = issuer.shared()
    email = f"{name}@example.com"
    printed = run(*command, environment={
        **environment, "SWIFT_BACKTRACE": "enable=no", "SIGNET_URL": server.url, "EMAIL": email, "CLIENT_ID": server.client[0],
        "CLIENT_SECRET": server.client[1],
    }, limit=60)
    end = time.monotonic()
    # The expected output has true and false, but Python prints True and False.
    said = printed.replace(email, "EMAIL").replace("True", "true").replace("False", "false")
    verdict = "passed" if said == expected else "FAILED"
    print(f"{name}: {verdict} (built in {built - start:.0f} s, ran in {end - built:.1f} s)", file=sys.stderr)
    if said != expected:
        print(f"expected:\n{expected}\nprinted:\n{said}", file=sys.stderr)
    return said == expected


def main():
    names = sys.argv[1:] or list(LANGUAGES)
    unknown = [name for name in names if name not in LANGUAGES]
    if unknown:
        raise SystemExit(f"unknown language {unknown[0]}; expected one of {', '.join(LANGUAGES)}")
    expected = (PROGRAMS / "transcript.txt").read_text()
    failed = 0
    for name in names:
        try:
            failed += not try_out(name, LANGUAGES[name], expected)
        except (CommandFailure, subprocess.TimeoutExpired) as failure:
            failed += 1
            print(f"{name}: FAILED\n{failure}", file=sys.stderr)
    status = issuer.shared().stop()
    faults = table.faults([LANGUAGES[name] for name in names], everything=set(names) == set(LANGUAGES))
    for fault in faults:
        print(f"docs/clients.md: {fault}", file=sys.stderr)
    print(f"{len(names) - failed} passed, {failed} failed", file=sys.stderr)
    sys.exit(1 if failed or faults or status != 0 else 0)


if __name__ == "__main__":
    main()
