"""Runs http-load, and the cryptographic loops of http-floor."""

import dataclasses
import json
import pathlib
import subprocess

from machine import BenchmarkFailure


@dataclasses.dataclass
class Sample:
    """What one run measured. Times are in microseconds; ``cost`` is processor time of the server per answer."""

    per_second: float
    p50: float
    p99: float
    cost: float
    errors: int
    first_error: str
    #: The share of its core that the load generator used. If it is close to 1, the load generator and not the server
    #: limits the rate.
    load: float
    #: The index, in the file of requests, of the next request to send.
    next: int

    @classmethod
    def of(cls, result):
        answers, seconds = result["answers"], result["seconds"]
        return cls(
            per_second=answers / seconds, p50=result.get("p50_us", 0), p99=result.get("p99_us", 0),
            cost=result["server_ns"] / 1000 / answers if answers else float("nan"), errors=result["errors"],
            first_error=result.get("first_error", ""), load=result.get("load_ns", 0) / 1e9 / seconds,
            next=result.get("next", 0),
        )


def write_items(path, items):
    """Writes requests, or the parts of a chain, in the form that http-load reads."""
    with open(path, "wb") as file:
        for item in items:
            file.write(b"%d\n" % len(item))
            file.write(item)
            file.write(b"\n")


def request(method, path, fields=None, body=None):
    """The bytes of a request."""
    head = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in (fields or {}).items())]
    if body is not None:
        head.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(head) + "\r\n\r\n").encode() + (body or b"")


def parse(output):
    return Sample.of(json.loads(output))


class Load:
    """The programs that measure, on the cores of the load or of the servers."""

    def __init__(self, programs, cores):
        self.programs = pathlib.Path(programs)
        self.cores = cores

    def run(self, port, pids, connections, seconds, *arguments, warm_up=0.3):
        """Sends requests with http-load. ``arguments`` are its other options."""
        command = [
            "taskset", "-c", self.cores.load, self.programs / "http-load", "--port", port, "--connections", connections,
            "--seconds", seconds, "--warm-up", warm_up, *arguments,
        ]
        for pid in pids:
            command += ["--pid", pid]
        return parse(self._output(command, seconds + warm_up + 60))

    def floor(self, operation, seconds):
        """Repeats a cryptographic operation of http-floor (``sign`` or ``hash``) on the server's cores."""
        command = [
            "taskset", "-c", self.cores.server, self.programs / "http-floor", operation, "--seconds", seconds,
        ]
        return parse(self._output(command, seconds + 60))

    def _output(self, command, limit):
        result = subprocess.run(
            [str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=limit
        )
        if result.returncode != 0:
            raise BenchmarkFailure(f"{command[3].name} failed: {result.stderr.strip()[-1000:]}")
        return result.stdout
