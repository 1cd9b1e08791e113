"""Runs every test of this directory against one issuer, and says which versions it met and how long it took.

Arguments name the files to run, or are patterns of names: `haproxy_test.py 'mod_*'`.
"""

import fnmatch
import os
import sys
import time
import unittest

import issuer
import versions

FILES = sorted(fnmatch.filter(os.listdir(sys.path[0]), "*_test.py"))


def chosen(patterns):
    """The test files that match one of the patterns, without repetition."""
    for pattern in patterns:
        if not fnmatch.filter(FILES, pattern):
            raise SystemExit(f"no test matches {pattern}; the tests are {', '.join(FILES)}")
    return [file for file in FILES if any(fnmatch.fnmatch(file, pattern) for pattern in patterns)]


start = time.monotonic()
everything = len(sys.argv) == 1
files = FILES if everything else chosen(sys.argv[1:])
suite = unittest.defaultTestLoader.loadTestsFromNames([file.removesuffix(".py") for file in files])
result = unittest.TextTestRunner().run(suite)
status = issuer.shared().stop()
if status != 0:
    print(f"the issuer exited with {status}, expected 0", file=sys.stderr)
faults = versions.faults(everything)
for fault in faults:
    print(f"docs/interop/README.md: {fault}", file=sys.stderr)
print(f"{result.testsRun} tests in {time.monotonic() - start:.1f} s", file=sys.stderr)
sys.exit(0 if result.wasSuccessful() and result.testsRun and status == 0 and not faults else 1)
