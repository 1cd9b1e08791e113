"""Runs every test of this directory against one issuer, and says which versions it met and how long it took.

An argument is the pattern of the files to run: `haproxy_test.py`.
"""

import sys
import time
import unittest

import issuer
import versions

start = time.monotonic()
pattern = sys.argv[1] if len(sys.argv) > 1 else "*_test.py"
result = unittest.TextTestRunner().run(unittest.defaultTestLoader.discover(sys.path[0], pattern=pattern))
status = issuer.shared().stop()
if status != 0:
    print(f"the issuer ended with {status}", file=sys.stderr)
faults = versions.faults(everything=len(sys.argv) == 1)
for fault in faults:
    print(f"docs/interop/README.md: {fault}", file=sys.stderr)
print(f"{result.testsRun} tests in {time.monotonic() - start:.1f} s", file=sys.stderr)
sys.exit(0 if result.wasSuccessful() and status == 0 and not faults else 1)
