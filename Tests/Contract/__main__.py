"""Runs Schemathesis against a live issuer: every operation of openapi.yaml, all checks, the same cases each time. Fails if it
never gets a documented success. Then reads the metrics with Prometheus' own parser, and fails if requests have created series."""

import os
import pathlib
import subprocess
import sys

import contract
import issuer
import metrics

DIRECTORY = pathlib.Path(__file__).resolve().parent

# Schemathesis writes its replay files here.
WORK = contract.ROOT / ".build" / "contract"
WORK.mkdir(parents=True, exist_ok=True)
good_answers = WORK / "good-answers.log"
good_answers.write_text("")

server = issuer.shared()
before = metrics.series(server)
status = subprocess.run(
    [
        pathlib.Path(sys.executable).parent / "schemathesis", "--config-file", DIRECTORY / "schemathesis.toml", "run",
        contract.ROOT / "openapi.yaml", "--url", server.url, *sys.argv[1:],
    ],
    cwd=WORK,
    env={
        **os.environ, "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": f"{DIRECTORY}:{contract.ROOT / 'Tests' / 'Interop'}",
        "SIGNET_URL": server.url, "CLIENT_ID": server.client[0], "CLIENT_SECRET": server.client[1],
        "GOOD_ANSWERS": good_answers,
    },
).returncode
faults = [f"metrics: {fault}" for fault in metrics.faults(server, before)]
if len(sys.argv) == 1:
    good = {answer for answer in contract.answers() if answer.split(" ")[-1].startswith("2")}
    good.remove("POST /oauth2/introspect 200")
    good |= {f"POST /oauth2/introspect 200 {kind}" for kind in ("Bearer", "inactive", "JWT")}
    missing = good - set(good_answers.read_text().splitlines())
    faults += [f"Schemathesis never received {answer}" for answer in sorted(missing)]
for fault in faults:
    print(fault, file=sys.stderr)
ended = server.stop()
if ended != 0:
    print(f"the issuer exited with {ended}, expected 0", file=sys.stderr)
sys.exit(status or ended or (1 if faults else 0))
