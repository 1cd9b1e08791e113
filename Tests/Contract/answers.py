"""Fails if no end-to-end test has received a status that openapi.yaml documents.

The argument is the file that the tests wrote (SIGNET_TEST_ANSWERS). answers-not-provoked.txt lists statuses that tests cannot
provoke from outside, with the reason. A listed status that a test has received is a fault, too.
"""

import pathlib
import re
import sys

import contract

DIRECTORY = pathlib.Path(__file__).resolve().parent

documented = contract.answers()
met = set(pathlib.Path(sys.argv[1]).read_text().splitlines())
rules = [
    re.compile(line) for line in (DIRECTORY / "answers-not-provoked.txt").read_text().splitlines()
    if line and not line.startswith("#")
]
excused = {answer for answer in documented if any(rule.fullmatch(answer) for rule in rules)}
faults = [f"no end-to-end test receives {answer}" for answer in sorted(documented - met - excused)]
faults += [f"a test receives {answer}: remove it from answers-not-provoked.txt" for answer in sorted(excused & met)]
faults += [f"the rule {rule.pattern} in answers-not-provoked.txt matches no documented status" for rule in rules
           if not any(rule.fullmatch(answer) for answer in documented)]
for fault in faults:
    print(f"openapi.yaml: {fault}", file=sys.stderr)
print(f"{len(documented & met)} of {len(documented)} documented statuses were received, {len(excused)} are excused")
sys.exit(1 if faults else 0)
