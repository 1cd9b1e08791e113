"""Tests of the HTTP benchmarks: the load generator against a small server, and the numbers and tables of its results.

    python3 Benchmarks/http/tests.py HTTP_LOAD      HTTP_LOAD: the built program
"""

import json
import os
import pathlib
import re
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import xml.dom.minidom

import allocations
import plot
import report
import rounds
from load import Sample, parse, request, write_items

PROGRAM = None


class Handler(socketserver.BaseRequestHandler):
    """Answers requests with ``server.answer(path, body)``: status and body, or ``None`` to close the connection."""

    def handle(self):
        received = b""
        while True:
            while b"\r\n\r\n" not in received:
                part = self.request.recv(65536)
                if not part:
                    return
                received += part
            head, _, received = received.partition(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: (\d+)", head)
            length = int(length[1]) if length else 0
            while len(received) < length:
                received += self.request.recv(65536)
            body, received = received[:length], received[length:]
            answer = self.server.answer(head.split()[1].decode(), body.decode())
            if answer is None:
                return
            status, text = answer
            # Send the head and the body apart: the load generator must accept an answer in several parts.
            self.request.sendall(b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n" % (status, len(text)))
            self.request.sendall(text.encode())


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, answer):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer = answer
        threading.Thread(target=self.serve_forever, daemon=True).start()


class LoadTests(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def run_load(self, answer, items, *arguments, kind="--requests", connections=2, seconds=0.3):
        with Server(answer) as server:
            write_items(self.directory / "items", items)
            result = subprocess.run(
                [PROGRAM, "--port", str(server.server_address[1]), "--connections", str(connections), "--seconds", str(seconds),
                 "--warm-up", "0", kind, str(self.directory / "items"), *arguments],
                stdout=subprocess.PIPE, timeout=60, text=True, check=True).stdout
            server.shutdown()
        return json.loads(result)

    def test_requests_are_sent_in_turn_and_good_answers_are_counted(self):
        paths = []
        result = self.run_load(
            lambda path, _: (paths.append(path), (200, "fine"))[1], [request("GET", f"/{n}") for n in range(3)],
            "--expect", "fine", connections=1)
        self.assertEqual(result["errors"], 0)
        self.assertGreater(result["answers"], 3)
        self.assertEqual(paths[:4], ["/0", "/1", "/2", "/0"])
        self.assertGreater(result["p99_us"], 0)

    def test_another_status_is_an_error(self):
        result = self.run_load(lambda *_: (500, "broken"), [request("GET", "/")])
        self.assertEqual(result["answers"], 0)
        self.assertGreater(result["errors"], 0)
        self.assertEqual(result["first_error"], "500 broken")

    def test_other_content_is_an_error(self):
        result = self.run_load(lambda *_: (200, '{"active":false}'), [request("GET", "/")], "--expect", '"active":true')
        self.assertEqual(result["answers"], 0)
        self.assertGreater(result["errors"], 0)

    def test_a_closed_connection_is_an_error_and_is_opened_again(self):
        calls = []
        result = self.run_load(
            lambda *_: (calls.append(1), None if len(calls) == 1 else (200, ""))[1], [request("GET", "/")], connections=1)
        self.assertEqual(result["errors"], 1)
        self.assertGreater(result["answers"], 0)

    def test_once_sends_each_request_once(self):
        paths = []
        result = self.run_load(
            lambda path, _: (paths.append(path), (200, ""))[1], [request("GET", f"/{n}") for n in range(20)], "--once",
            seconds=30)
        self.assertEqual(sorted(paths), sorted(f"/{n}" for n in range(20)))
        self.assertEqual(result["answers"], 20)
        self.assertLess(result["seconds"], 30)

    def test_a_chain_sends_the_token_of_the_answer_before(self):
        live, broken, lock = {"a0": 0, "b0": 0}, [], threading.Lock()

        def rotate(_, body):
            token = json.loads(body)["token"]
            with lock:
                if token not in live:
                    broken.append(token)
                    return 401, "{}"
                count = live.pop(token) + 1
                live[f"{token[0]}{count}"] = count
                return 200, json.dumps({"other": "x", "access": f"{token}!", "token": f"{token[0]}{count}"})

        head = b"POST / HTTP/1.1\r\n"
        result = self.run_load(
            rotate, [head, b'{"token":"', b'"}', b"a0", b"b0"], "--key", "token", "--tokens", str(self.directory / "left"),
            "--keep", "access", "--kept", str(self.directory / "kept"), kind="--chain")
        self.assertEqual((broken, result["errors"]), ([], 0))
        self.assertGreater(result["answers"], 2)
        # The file `left` has the last token of each connection. These must be the tokens that the server accepts;
        # otherwise the load generator lost an answer when it stopped.
        self.assertEqual(sorted((self.directory / "left").read_text().split()), sorted(live))
        self.assertEqual(len((self.directory / "kept").read_text().split()), sum(live.values()))

    def test_a_rate_limits_the_requests(self):
        calls = []
        self.run_load(lambda *_: (calls.append(1), (200, ""))[1], [request("GET", "/")], "--rate", "50", seconds=1)
        self.assertLessEqual(len(calls), 52)
        self.assertGreater(len(calls), 5)

    def test_at_a_rate_a_stall_counts_for_all_requests_that_were_due(self):
        calls = []

        def answer(*_):
            calls.append(1)
            if len(calls) == 1:
                time.sleep(0.5)
            return 200, ""

        result = self.run_load(answer, [request("GET", "/")], "--rate", "100", connections=1, seconds=1)
        # The first answer takes 0.5 s. At 100 requests per second, 50 requests are due during this time. Their
        # latencies include the wait, so the 99th percentile is high.
        self.assertGreater(result["max_us"], 400_000)
        self.assertGreater(result["p99_us"], 300_000)


def sample(per_second, cost=10.0, errors=0):
    return Sample(per_second, p50=1, p99=2, cost=cost, errors=errors, first_error="x" if errors else "", load=0.5, next=0)


class NumberTests(unittest.TestCase):
    def test_a_result_becomes_rates_and_costs(self):
        result = parse('{"seconds": 2, "answers": 100, "errors": 3, "p50_us": 5, "p99_us": 9, "server_ns": 400000, "load_ns": 1e9}')
        self.assertEqual((result.per_second, result.cost, result.errors, result.load), (50, 4, 3, 0.5))

    def test_a_ratio_is_the_median_of_the_rounds_ratios(self):
        # In the second round, both contestants are half as fast. This must not change the median ratio.
        self.assertEqual(rounds.ratio([sample(80), sample(40), sample(90)], [sample(100), sample(50), sample(100)]), 0.8)

    def test_every_contestant_has_one_turn_per_round_and_the_first_one_changes(self):
        order = []
        turns = {name: lambda _, name=name: order.append(name) for name in "abc"}
        rounds.measure_in_turns(turns, 3, 1)
        self.assertEqual("".join(order), "abcbcacab")

    def test_a_comparison_shows_the_change_and_that_of_the_ratio(self):
        def result(commit, per_second, ratio):
            floors = [{"by_cost": ratio}]
            row = {"name": "JWKS", "connections": 8, "per_second": per_second, "cost": 10, "p99": 1000, "floors": floors}
            return {"commit": commit, "operations": [row]}
        text = report.comparison(result("old", 100, 0.5), result("new", 150, 0.6))
        self.assertIn("+50.0 %", text)
        self.assertTrue(text.splitlines()[1].endswith("+20.0 %"))

    def test_the_library_counts_the_allocations_of_a_process(self):
        with tempfile.TemporaryDirectory() as directory:
            counter = allocations.Counter(pathlib.Path(directory))
            counts = []
            for number in [10, 10_010]:
                before = counter.value
                program = f"import ctypes; c = ctypes.CDLL(None); [c.malloc(1) for _ in range({number})]"
                subprocess.run([sys.executable, "-c", program], env={**os.environ, **counter.environment}, check=True)
                counts.append(counter.value - before)
            self.assertAlmostEqual(counts[1] - counts[0], 10_000, delta=500)

    def test_the_plot_is_well_formed_and_has_both_panels(self):
        lines = {"a < b": [(1, 100, 50, False), (512, 30000, 90000, False)], "floor": [(1, 200, 40, True), (512, 40000, 80000, True)]}
        document = xml.dom.minidom.parseString(plot.svg("Title & more", lines))
        self.assertEqual(len(document.getElementsByTagName("polyline")), 4)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
