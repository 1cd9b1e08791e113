"""Counts the heap allocations of a running Signet."""

import pathlib
import re
import subprocess

from machine import BenchmarkFailure
from service import API

SOURCE = pathlib.Path(__file__).with_name("allocations.c")


class Counter:
    """A library that counts the allocations of the process that loads it. ``environment`` makes a process load it."""

    def __init__(self, directory):
        directory.mkdir(parents=True, exist_ok=True)
        library, self.file = directory / "allocations.so", directory / "allocations"
        built = subprocess.run(
            ["cc", "-O2", "-shared", "-fPIC", "-o", library, SOURCE], stderr=subprocess.PIPE, text=True, check=False)
        if built.returncode != 0:
            raise BenchmarkFailure(f"the counting library could not be compiled: {built.stderr.strip()[-500:]}")
        self.file.write_bytes(bytes(8))
        self.environment = {"LD_PRELOAD": str(library), "COUNTED_ALLOCATIONS": str(self.file)}

    @property
    def value(self):
        return int.from_bytes(self.file.read_bytes()[:8], "little")


def per_answer(measure, counter, signet, seconds):
    """Runs ``measure`` and returns allocations of the server per answer."""
    operations = API(signet.operations_port)
    # Ask for the number of answers outside the counted span, because that request allocates memory, too.
    answers, before = answered(operations), counter.value
    sample = measure(seconds)
    after = counter.value
    if sample.errors:
        raise BenchmarkFailure(f"requests fail: {sample.first_error}")
    return (after - before) / (answered(operations) - answers)


def answered(operations):
    """The number of requests that Signet has answered, as its metrics page tells."""
    page = operations.send("GET", "/metrics")[2].decode()
    return sum(int(count) for count in re.findall(r"^signet_http_requests_total\{.*\} (\d+)$", page, re.MULTILINE))
