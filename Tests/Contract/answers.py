"""Fails when openapi.yaml documents a status that no end-to-end test has met, or excuses one that was met after all.

The argument is the file that the tests wrote (SIGNET_TEST_ANSWERS). What cannot be provoked from outside stands in
answers-not-provoked.txt, with the reason.
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
faults = [f"no test meets {answer}" for answer in sorted(documented - met - excused)]
faults += [f"a test meets {answer}, which answers-not-provoked.txt excuses" for answer in sorted(excused & met)]
faults += [f"answers-not-provoked.txt matches nothing with {rule.pattern}" for rule in rules
           if not any(rule.fullmatch(answer) for answer in documented)]
for fault in faults:
    print(f"openapi.yaml: {fault}", file=sys.stderr)
print(f"{len(documented & met)} of {len(documented)} documented answers were met, {len(excused)} are excused")
sys.exit(1 if faults else 0)
