"""Generates a client from openapi.yaml in every language, compiles it, and runs the same small program with each.

What a program prints has to be ``transcript.txt``, line by line; `EMAIL` there is the address that it was given.
Arguments name the languages to run: `go swift`.
"""

import glob
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

import issuer

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "Tests" / "Clients"
WORK = ROOT / ".build" / "clients"
TOOLS = pathlib.Path(sys.executable).parent


class CommandFailure(Exception):
    pass


def run(*command, cwd=None, environment=None, limit=600):
    """Runs a command that has to succeed, and returns what it printed."""
    result = subprocess.run(
        [str(part) for part in command], cwd=cwd, env={**os.environ, **(environment or {})}, text=True, timeout=limit,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )
    if result.returncode != 0:
        raise CommandFailure(f"{command[0]} ended with {result.returncode}:\n{result.stdout}")
    return result.stdout


def generate(generator, directory, *options):
    output = run(
        TOOLS / "openapi-generator-cli", "generate", "--generator-name", generator, "--input-spec",
        ROOT / "openapi.yaml", "--output", directory, *options,
    )
    # The generator goes on after what it does not understand, and only says so.
    errors = [line for line in output.splitlines() if re.search(r"\bERROR\b|not supported", line)]
    if errors:
        raise CommandFailure(f"{generator}: the generator complained:\n" + "\n".join(errors))


class Python:
    """openapi-generator's `python`."""

    def build(self, directory):
        # The generator keeps the name `field` to itself and would make `var_field` of it.
        generate(
            "python", directory, "--additional-properties", "packageName=signet_client", "--name-mappings",
            "field=field_name",
        )
        run(sys.executable, "-m", "compileall", "-q", directory)
        return [sys.executable, PROGRAMS / "python" / "program.py"], {"PYTHONPATH": str(directory)}


class OpenAPIPythonClient:
    """openapi-python-client."""

    def build(self, directory):
        run(
            TOOLS / "openapi-python-client", "generate", "--path", ROOT / "openapi.yaml", "--meta", "none", "--config",
            PROGRAMS / "openapi-python-client" / "config.yaml", "--output-path", directory / "signet_client",
            "--fail-on-warning",
        )
        run(sys.executable, "-m", "compileall", "-q", directory)
        return [sys.executable, PROGRAMS / "openapi-python-client" / "program.py"], {"PYTHONPATH": str(directory)}


class Java:
    """openapi-generator's `java` with the library `native`.

    Jackson and the HTTP types come from the generator's own JAR, the two JARs that it does not hold from Debian.
    """

    def build(self, directory):
        generate(
            "java", directory, "--library", "native", "--additional-properties",
            "openApiNullable=false,useJakartaEe=true,hideGenerationTimestamp=true,"
            "invokerPackage=signet.client,apiPackage=signet.client.api,modelPackage=signet.client.model",
        )
        generator = glob.glob(f"{TOOLS.parent}/lib/*/site-packages/openapi_generator_cli/*.jar")
        libraries = ["/usr/share/java/jakarta-annotation-api.jar", "/usr/share/java/httpmime.jar", *generator]
        sources = [str(path) for path in (directory / "src" / "main" / "java").rglob("*.java")]
        classes = directory / "classes"
        run(
            "javac", "-nowarn", "-d", classes, "-cp", ":".join(libraries), PROGRAMS / "java" / "Program.java", *sources
        )
        return ["java", "-cp", ":".join([str(classes), *libraries]), "Program"], {}


class TypeScript:
    """openapi-generator's `typescript-fetch`."""

    def build(self, directory):
        generate("typescript-fetch", directory / "client")
        shutil.copytree(PROGRAMS / "typescript", directory, dirs_exist_ok=True)
        run("tsc", "--project", directory)
        return ["node", directory / "out" / "program.js"], {}


class Go:
    """openapi-generator's `go`."""

    def build(self, directory):
        generate("go", directory / "signet", "--additional-properties", "packageName=signet,withGoMod=false")
        shutil.rmtree(directory / "signet" / "test")
        shutil.copy(PROGRAMS / "go" / "main.go", directory)
        (directory / "go.mod").write_text("module program\n\ngo 1.21\n")
        environment = {"GOFLAGS": "-mod=mod", "GOPROXY": "off", "GOTOOLCHAIN": "local", "CGO_ENABLED": "0"}
        run(TOOLS / "go", "vet", "./...", cwd=directory, environment=environment)
        run(TOOLS / "go", "build", "-o", directory / "program", ".", cwd=directory, environment=environment)
        return [directory / "program"], {}


class Swift:
    """openapi-generator's `swift6` with the library `urlsession`."""

    def build(self, directory):
        generate(
            "swift6", directory / "client", "--library", "urlsession", "--additional-properties",
            "projectName=SignetAPI",
        )
        sources = list((directory / "client" / "Sources" / "SignetAPI").rglob("*.swift"))
        run(
            "swiftc", "-swift-version", "6", "-parse-as-library", "-wmo", "-module-name", "SignetAPI", "-emit-module",
            "-emit-module-path", directory / "SignetAPI.swiftmodule", "-c", "-o", directory / "SignetAPI.o", *sources,
        )
        run(
            "swiftc", "-swift-version", "6", "-I", directory, PROGRAMS / "swift" / "main.swift",
            directory / "SignetAPI.o", "-o", directory / "program",
        )
        return [directory / "program"], {}


LANGUAGES = {
    "python": Python(), "openapi-python-client": OpenAPIPythonClient(), "java": Java(), "typescript": TypeScript(),
    "go": Go(), "swift": Swift(),
}


def try_out(name, language, expected):
    """Whether the language's program, built anew, printed what it should."""
    directory = WORK / name
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    start = time.monotonic()
    command, environment = language.build(directory)
    built = time.monotonic()
    server = issuer.shared()
    email = f"{name}@example.com"
    printed = run(*command, environment={
        **environment, "SWIFT_BACKTRACE": "enable=no", "SIGNET_URL": server.url, "EMAIL": email, "CLIENT_ID": server.client[0],
        "CLIENT_SECRET": server.client[1],
    }, limit=60)
    end = time.monotonic()
    # Languages write truth values in their own way.
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
        raise SystemExit(f"no language {unknown[0]}; there are {', '.join(LANGUAGES)}")
    expected = (PROGRAMS / "transcript.txt").read_text()
    failed = 0
    for name in names:
        try:
            failed += not try_out(name, LANGUAGES[name], expected)
        except (CommandFailure, subprocess.TimeoutExpired) as failure:
            failed += 1
            print(f"{name}: FAILED\n{failure}", file=sys.stderr)
    status = issuer.shared().stop()
    print(f"{len(names) - failed} passed, {failed} failed", file=sys.stderr)
    sys.exit(1 if failed or status != 0 else 0)


if __name__ == "__main__":
    main()
