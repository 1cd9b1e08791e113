"""Child processes that are bound to processor cores, and what the system knows about them."""

import contextlib
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import time


class BenchmarkFailure(Exception):
    """The benchmark cannot go on. The text says why."""


def say(text):
    print(text, file=sys.stderr, flush=True)


def free_port():
    """A free port below those that the system gives to outgoing connections. If the port were one of those, a caller that
    waits for the server could connect to itself."""
    while True:
        port = random.randrange(10_000, 32_000)
        with contextlib.suppress(OSError), socket.socket() as listener:
            listener.bind(("127.0.0.1", port))
            return port


class Cores:
    """The cores of the servers and of the load, as lists for ``taskset``."""

    def __init__(self, server=None, load=None):
        available = sorted(os.sched_getaffinity(0))
        self.server = server or str(available[0])
        self.load = load or str(available[-1])
        if len(available) < 2:
            say("bench: there is only one core. Server and load share it, so rates are too low.")

    @staticmethod
    def count(cores):
        """The number of cores in a list for ``taskset``, for example 3 for ``0,2-3``."""
        ends = [part.split("-") for part in cores.split(",")]
        return sum(int(end[-1]) - int(end[0]) + 1 for end in ends)


class MemoryLimit:
    """A control group whose processes together have at most ``mebibytes`` of memory, cached pages of files included."""

    def __init__(self, name, mebibytes):
        old, new = pathlib.Path("/sys/fs/cgroup/memory"), pathlib.Path("/sys/fs/cgroup")
        parent, limit = (old, "memory.limit_in_bytes") if old.is_dir() else (new, "memory.max")
        self.group = parent / f"signet-bench-{os.getpid()}-{name}"
        try:
            self.group.mkdir(exist_ok=True)
            (self.group / limit).write_text(str(mebibytes << 20))
        except OSError as error:
            raise BenchmarkFailure(f"a memory limit needs root and a memory control group: {error}") from error

    def join(self):
        """Puts the calling process under the limit. For ``preexec_fn``."""
        (self.group / "cgroup.procs").write_text(str(os.getpid()))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # The kernel refuses while the last process of the group is still ending.
        for _ in range(100):
            with contextlib.suppress(OSError):
                return self.group.rmdir()
            time.sleep(0.1)


def forget(path):
    """Removes the pages of a file from the page cache, so that the next reader is charged for their memory."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(file)


class Server:
    """A running server program on given cores. ``log`` is the file of its output, ``limit`` a ``MemoryLimit``."""

    def __init__(self, command, cores, log, environment=None, limit=None):
        self.log = pathlib.Path(log)
        self.started = time.monotonic()
        environment = {**os.environ, **(environment or {})}
        # Remove the variable, which is meant for the build, so that the server hashes with a random seed as in
        # production.
        environment.pop("SWIFT_DETERMINISTIC_HASHING", None)
        # Signet starts as many event loops as it has cores. Let SwiftNIO do the same in the servers that are floors.
        environment["NIO_SINGLETON_GROUP_LOOP_COUNT"] = str(Cores.count(cores))
        with open(self.log, "wb") as output:
            self.process = subprocess.Popen(
                ["taskset", "-c", cores, *map(str, command)], env=environment,
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                preexec_fn=limit.join if limit else None,
            )

    @property
    def pid(self):
        return self.process.pid

    def wait_until_listening(self, port):
        """Waits until the server accepts connections."""
        def accepts():
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                return True
        self._wait(accepts, f"does not listen on port {port}")

    def wait_until_printed(self, text):
        """Waits until the server has printed the text. Returns the seconds since its start."""
        self._wait(lambda: text in self.log.read_text(errors="replace"), f"has not printed {text!r}")
        return time.monotonic() - self.started

    def _wait(self, condition, failure, limit=120):
        name = self.process.args[3]
        while not condition():
            if self.process.poll() is not None:
                raise BenchmarkFailure(f"{name} ended:\n{self.output()}")
            if time.monotonic() - self.started > limit:
                raise BenchmarkFailure(f"{name} {failure} after {limit} s:\n{self.output()}")
            time.sleep(0.001)

    def output(self):
        """The end of what the server has printed."""
        return self.log.read_text(errors="replace")[-2000:]

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def status_kibibytes(pid, field):
    """A memory field of ``/proc/PID/status`` in KiB, for example ``VmRSS``."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1])
    raise BenchmarkFailure(f"/proc/{pid}/status has no {field}")


def resident_mebibytes(pids, field="VmRSS"):
    """The resident memory of some processes; with the field ``RssAnon``, without the files that they have mapped."""
    return sum(status_kibibytes(pid, field) for pid in pids) / 1024
