"""Measures Signet over HTTP. Scripts/bench starts this program; docs/benchmarks.md explains the results."""

import argparse
import contextlib
import dataclasses
import datetime
import json
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

import allocations
import operations
import peers
import plot
import report
import rounds
from load import Load
from machine import BenchmarkFailure, Cores, MemoryLimit, forget, say
from operations import Floors, NoFloors, Prepared
from service import PASSWORD, Requests, Signet

ROOT = pathlib.Path(__file__).resolve().parents[2]


def arguments():
    parser = argparse.ArgumentParser(prog="Scripts/bench", description=__doc__, allow_abbrev=False)
    parser.add_argument("--programs", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    commands = parser.add_subparsers(dest="command", required=True)
    http = commands.add_parser("http", help="every operation, each beside its floor")
    add_common(http, seconds=0.5, rounds=15)
    http.add_argument("--save", type=pathlib.Path, metavar="FILE", help="write the results as JSON to this file")
    http.add_argument("--compare", type=pathlib.Path, metavar="FILE", help="compare with results that --save has written")
    http.add_argument(
        "--plot", type=pathlib.Path, metavar="FILE", help="also measure with 1 to 512 connections, and draw an SVG")
    others = commands.add_parser("peers", help="the same work, in turns with other servers")
    add_common(others, seconds=2, rounds=3)
    others.add_argument("--peers", type=pathlib.Path, metavar="DIRECTORY", help="where ../shared/peers was set up")
    data = commands.add_parser("data", help="every operation in small and large stores")
    add_common(data, seconds=1.5, rounds=3)
    data.add_argument("--users", metavar="LIST", help="numbers of users, separated by commas (default 1000,100000)")
    data.add_argument(
        "--memory", type=int, metavar="MIB", help="give each server only so much memory, cached pages of its store included")
    data.add_argument("--full", action="store_true", help="also measure a store of 5 000 000 users")
    counted = commands.add_parser("allocations", help="heap allocations of every operation")
    add_common(counted, seconds=1, rounds=1)
    return parser.parse_args()


def add_common(parser, seconds, rounds):
    parser.add_argument("--seconds", type=float, default=seconds, help=f"length of a turn (default {seconds})")
    parser.add_argument("--rounds", type=int, default=rounds, help=f"turns of each contestant (default {rounds})")
    parser.add_argument(
        "--connections", type=int, default=8, help="connections of all operations but refresh (default 8)")
    parser.add_argument("--only", action="append", metavar="NAME", help="measure only operations with this in their name")
    parser.add_argument("--fast-lane", choices=["on", "off"], help="the setting SIGNET_FAST_LANE of the server")
    parser.add_argument("--server-cores", metavar="LIST", help="cores of the servers, for taskset (default: the first)")
    parser.add_argument("--load-cores", metavar="LIST", help="cores of the load (default: the last)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def chosen(contestants, names):
    """The contestants whose name contains one of the names; all if there are no names."""
    result = [c for c in contestants if not names or any(name.lower() in c.name.lower() for name in names)]
    if not result:
        raise BenchmarkFailure(f"no operation has a name with {' or '.join(names)}")
    return result


def measure_http(options, directory):
    """Measures operations and floors. Returns the result as it is saved, and as text."""
    before = json.loads(options.compare.read_text()) if options.compare else None
    cores = Cores(options.server_cores, options.load_cores)
    load = Load(options.programs, cores)
    most = f"introspection, {operations.MOST_TOKENS} tokens"
    needs_most = not options.only or any(name.lower() in most for name in options.only)
    tokens = operations.MOST_TOKENS if needs_most else operations.MANY_TOKENS
    families = 72 + (PLOTTED_CONNECTIONS[-1] if options.plot else 0)
    with Signet(options.programs, cores, directory / "signet", options.fast_lane) as signet:
        prepared = Prepared.new(signet, load, directory / "requests", families, tokens)
        requests = Requests(directory / "floors")
        with Floors(options.programs, cores, load, requests, options.connections) as floors:
            everything = operations.operations(prepared, floors, options.connections)
            contestants = chosen(everything, options.only)
            used = {name for contestant in contestants for name in contestant.floors}
            floors.start()
            rows = rounds.take_turns(
                contestants, {name: floor for name, floor in floors.contestants.items() if name in used},
                options.rounds, options.seconds, signet.memory)
            say("latency at half of the rate")
            for contestant, row in zip(contestants, rows):
                if contestant.paced:
                    row.p99_at_half = contestant.paced(row.per_second / 2, options.seconds).p99
            if options.plot:
                options.plot.write_text(plot.svg(
                    f"Signet {commit()} over HTTP", measure_plot(prepared, everything, floors.contestants)))
        result = described(options) | {
            "ready_ms": signet.ready_after * 1000, "idle_mebibytes": signet.idle_memory,
            "operations": [dataclasses.asdict(row) for row in rows],
        }
    text = (
        f"{heading(result)}; ready after {result['ready_ms']:.0f} ms with an empty store; "
        f"{result['idle_mebibytes']:.1f} MiB resident before the first load\n\n{report.results(rows)}")
    if before:
        text += "\n\n" + report.comparison(before, result)
    if options.save:
        options.save.write_text(as_json(result) + "\n")
    return result, text


PLOTTED_CONNECTIONS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]


def measure_plot(prepared, everything, floors):
    """Measures some operations and floors once for each number of connections. Returns the series of the plot."""
    named = {contestant.name: contestant for contestant in everything}
    chain = operations.Chain(prepared, "refresh-plot", prepared.refresh_tokens[72:])
    profile, many = named["profile"], named[f"introspection, {operations.MANY_TOKENS} tokens"]
    lines = {
        "JWKS": named["JWKS"].spread, "profile": profile.spread, many.name: many.spread, "refresh": chain.run,
        "floor of JWKS: bare NIO": floors[named["JWKS"].floors[0]].spread,
        "floor of introspection: bare Hummingbird form POST": floors[many.floors[0]].spread,
    }
    series = {name: [] for name in lines}
    for count in PLOTTED_CONNECTIONS:
        say(f"{count} connections")
        for name, spread in lines.items():
            sample = spread(count, 1)
            series[name].append((count, sample.per_second, sample.p99, name.startswith("floor")))
    return series


def measure_peers(options, directory):
    """Measures Signet and other servers. Returns the result as values for JSON, and as text."""
    cores = Cores(options.server_cores, options.load_cores)
    load = Load(options.programs, cores)
    with contextlib.ExitStack() as stack:
        signet = stack.enter_context(Signet(options.programs, cores, directory / "signet", options.fast_lane))
        prepared = Prepared.new(signet, load, directory / "requests", 72, operations.MANY_TOKENS)
        own = {}
        for contestant in operations.operations(prepared, NoFloors(), options.connections):
            # Skip Signet's refresh with 64 connections, because the other servers are not measured with 64.
            name = contestant.name.split(",")[0]
            if contestant.connections != 64:
                own.setdefault(name, contestant.measure)
        requests = Requests(directory / "peers")
        running = peers.start_all(options.peers.resolve(), cores, load, requests, stack) if options.peers else []
        if not running:
            raise BenchmarkFailure("there is no other server to compare with; set up ../shared/peers")
        turns = {}
        for peer in running:
            for name, measure in peer.operations(options.connections).items():
                if options.only and not any(part.lower() in name.lower() for part in options.only):
                    continue
                turns.setdefault(("signet", name), own[name])
                turns[peer.peer.name, name] = measure
        # Sort by operation, so that all servers do the same operation directly one after the other.
        order = {name: number for number, name in enumerate(own)}
        turns = dict(sorted(turns.items(), key=lambda turn: order[turn[0][1]]))
        samples = rounds.measure_in_turns(turns, options.rounds, options.seconds)
        memories = {"signet": signet.memory()} | {peer.peer.name: peer.memory() for peer in running}
    rows = [
        peers.Comparison(
            server=server, operation=operation, per_second=rounds.median(measured, "per_second"),
            p99=rounds.median(measured, "p99"), cost=rounds.median(measured, "cost"),
            errors=sum(sample.errors for sample in measured),
            first_error=next((sample.first_error for sample in measured if sample.errors), ""),
            signet_by_rate=rounds.ratio(samples["signet", operation], measured),
            signet_by_cost=rounds.median(measured, "cost") / rounds.median(samples["signet", operation], "cost"),
            memory=memories[server])
        for (server, operation), measured in samples.items()
    ]
    result = described(options) | {"servers": [dataclasses.asdict(row) for row in rows]}
    text = f"{heading(result)}\n\n{report.peers(rows)}\n\n{peers.REMARK}"
    return result, text


def measure_data(options, directory):
    """Measures Signet over stores of several sizes. Returns the result as values for JSON, and as text."""
    cores = Cores(options.server_cores, options.load_cores)
    load = Load(options.programs, cores)
    counts = [int(part) for part in (options.users or "1000,100000").split(",")] + ([5_000_000] if options.full else [])
    # Use the same number of refresh tokens in every store. The smallest store limits the number: it has two for each
    # user.
    sample = min(10_000, 2 * min(counts))
    if sample < 200:
        raise BenchmarkFailure("a store needs at least 100 users")
    stores, measured = [], {}
    with contextlib.ExitStack() as stack:
        for count in counts:
            place = directory / f"users-{count}"
            say(f"filling a store with {count} users")
            lines = fill(options.programs, place, count, sample)
            size = (place / "data" / "data.mdb").stat().st_size
            forget(place / "data" / "data.mdb")
            limit = stack.enter_context(MemoryLimit(str(count), options.memory)) if options.memory else None
            signet = stack.enter_context(Signet(options.programs, cores, place, options.fast_lane, limit=limit))
            stores.append({
                "users": count, "families": 2 * count, "bytes": size, "ready_ms": signet.ready_after * 1000,
                "idle_mebibytes": signet.idle_memory, "signet": signet,
            })
            prepared = Prepared.of_store(signet, load, place / "requests", lines)
            for contestant in chosen(operations.operations(prepared, NoFloors(), options.connections), options.only):
                measured[contestant.key, count] = contestant
        order = {key: number for number, key in enumerate(dict.fromkeys(key for key, _ in measured))}
        turns = dict(sorted(measured.items(), key=lambda turn: order[turn[0][0]]))
        samples = rounds.measure_in_turns(
            {key: contestant.measure for key, contestant in turns.items()}, options.rounds, options.seconds)
        for store in stores:
            server = store.pop("signet")
            store["loaded_mebibytes"] = server.memory()
            store["anonymous_mebibytes"] = server.memory("RssAnon")
    rows = {}
    for (key, count), contestant in turns.items():
        rows.setdefault(key, []).append(rounds.summary(contestant, samples[key, count], {}, float("nan")))
    tables = [(row[0].title, row) for row in rows.values()]
    result = described(options) | {
        "stores": stores,
        "operations": [
            {"users": store["users"], **dataclasses.asdict(row)} for _, group in tables for store, row in zip(stores, group)],
    }
    return result, f"{heading(result)}\n\n{report.sizes(stores, tables)}"


def measure_allocations(options, directory):
    """Counts allocations. Returns the result as values for JSON, and as text."""
    cores = Cores(options.server_cores, options.load_cores)
    load, counter = Load(options.programs, cores), allocations.Counter(directory / "counter")
    with Signet(options.programs, cores, directory / "signet", options.fast_lane, counter.environment) as signet:
        prepared = Prepared.new(signet, load, directory / "requests", 72, operations.MOST_TOKENS)
        rows = []
        for contestant in chosen(operations.operations(prepared, NoFloors(), options.connections), options.only):
            # Measure twice, and keep the second result: caches and buffers are full then.
            measured = [
                allocations.per_answer(contestant.measure, counter, signet, options.seconds) for _ in range(2)]
            rows.append({"operation": contestant.name, "connections": contestant.connections, "allocations": measured[1]})
    result = described(options) | {"operations": rows}
    lines = [f"{row['operation']:<28}{row['connections']:>12}{row['allocations']:>14.1f}" for row in rows]
    return result, "\n".join([heading(result), "", f"{'':<28}{'connections':>12}{'allocations':>14}", *lines])


def fill(programs, place, users, sample):
    """Fills a store. Returns pairs of an email address and a refresh token."""
    place.mkdir(parents=True)
    command = [
        programs / "issuer-benchmarks", "fill", "--users", users, "--families", 2, "--data", place / "data", "--keys",
        place / "keys", "--password", PASSWORD, "--sample", sample,
    ]
    output = subprocess.run(
        [str(part) for part in command], stdout=subprocess.PIPE, text=True, check=False, timeout=120 + users / 1000)
    if output.returncode != 0:
        raise BenchmarkFailure("the store could not be filled")
    return [line.split() for line in output.stdout.splitlines()]


def described(options):
    """What every result says about its run."""
    return {
        "commit": commit(), "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "seconds": options.seconds, "rounds": options.rounds, "connections": options.connections,
        "fast_lane": options.fast_lane,
    }


def heading(result):
    lane = f", fast lane {result['fast_lane']}" if result["fast_lane"] else ""
    return f"commit {result['commit']}{lane}; medians of {result['rounds']} rounds of {result['seconds']} s"


def commit():
    """The commit of the working tree, with a plus sign if files have changed."""
    def git(*command):
        return subprocess.run(["git", *command], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False).stdout.strip()
    return git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain") else "")


def run(options, directory):
    measure = {"http": measure_http, "peers": measure_peers, "data": measure_data, "allocations": measure_allocations}[options.command]
    result, text = measure(options, directory)
    print(as_json(result) if options.json else text)


def as_json(value):
    """The value as JSON. Numbers that were not measured are null, because JSON has no NaN."""
    def known(part):
        if isinstance(part, dict):
            return {name: known(member) for name, member in part.items()}
        if isinstance(part, list):
            return [known(member) for member in part]
        return None if isinstance(part, float) and part != part else part
    return json.dumps(known(value), indent=1, allow_nan=False)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    options = arguments()
    # Put the store on the disk of the working tree, because the results include the time of disk writes.
    (ROOT / ".build").mkdir(exist_ok=True)
    directory = pathlib.Path(tempfile.mkdtemp(prefix="bench-http-", dir=ROOT / ".build"))
    try:
        run(options, directory)
    except (BenchmarkFailure, subprocess.SubprocessError) as failure:
        sys.exit(f"bench: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main()
