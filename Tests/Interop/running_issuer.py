"""A real issuer in a directory of its own."""

import json
import os
import socket
import subprocess
import tempfile


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class RunningIssuer:
    def __init__(self):
        self._directory = tempfile.TemporaryDirectory(prefix="signet-interop-")
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._environment = {
            "PATH": os.environ["PATH"],
            "SIGNET_PORT": str(port),
            "SIGNET_OPS_PORT": str(free_port()),
            "SIGNET_ISSUER": self.url,
        }
        self._process = subprocess.Popen(
            [os.environ["SIGNET_TEST_BINARY"], "serve"],
            cwd=self._directory.name,
            env=self._environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        for line in self._process.stderr:
            if "Signet is ready" in line:
                break
        else:
            raise RuntimeError("the issuer did not start")

    def create_client(self, *options):
        output = subprocess.run(
            [os.environ["SIGNET_TEST_BINARY"], "clients", "create", "interop", "--json", *options],
            cwd=self._directory.name,
            env=self._environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        created = json.loads(output)
        return created["client_id"], created["client_secret"]

    def stop(self):
        self._process.terminate()
        status = self._process.wait(timeout=30)
        self._process.stderr.close()
        self._directory.cleanup()
        return status
