"""Runs Schemathesis against a live issuer: every operation of openapi.yaml, all checks, the same cases each time. What it
thinks of is then looked for in the metrics, which Prometheus' own parser must understand."""

import os
import pathlib
import subprocess
import sys

import issuer
import metrics

DIRECTORY = pathlib.Path(__file__).resolve().parent
ROOT = DIRECTORY.parents[1]

# What it keeps for a replay goes here.
WORK = ROOT / ".build" / "contract"
WORK.mkdir(parents=True, exist_ok=True)

server = issuer.shared()
before = metrics.series(server)
status = subprocess.run(
    [
        pathlib.Path(sys.executable).parent / "schemathesis", "--config-file", DIRECTORY / "schemathesis.toml", "run",
        ROOT / "openapi.yaml", "--url", server.url, *sys.argv[1:],
    ],
    cwd=WORK,
    env={
        **os.environ, "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": f"{DIRECTORY}:{ROOT / 'Tests' / 'Interop'}",
        "SIGNET_URL": server.url, "CLIENT_ID": server.client[0], "CLIENT_SECRET": server.client[1],
    },
).returncode
faults = metrics.faults(server, before)
for fault in faults:
    print(f"metrics: {fault}", file=sys.stderr)
ended = server.stop()
if ended != 0:
    print(f"the issuer ended with {ended}", file=sys.stderr)
sys.exit(status or ended or (1 if faults else 0))
