"""The measured operations of Signet, their floors, and the requests of both."""

import contextlib
import dataclasses
import json

from load import request
from machine import BenchmarkFailure, Server, free_port, say
from service import JSON, PASSWORD, Requests

ACCOUNTS = 16
MANY_TOKENS = 512
MOST_TOKENS = 20_000


@dataclasses.dataclass
class Contestant:
    """One thing that is measured in each round. ``measure`` runs it once: seconds → Sample."""

    name: str
    measure: object
    #: Names of the floors (servers or loops that do only the unavoidable work) that this contestant is compared with.
    floors: tuple = ()
    connections: int = 0
    #: Measures this contestant at a given request rate: (rate, seconds) → Sample. ``None`` if it is not measured at
    #: different rates.
    paced: object = None
    #: Measures this contestant with a given number of connections: (connections, seconds) → Sample. ``None`` if it
    #: uses no connections.
    spread: object = None

    @property
    def key(self):
        return self.name, self.connections


class Prepared:
    """Accounts, tokens and request files of a running Signet.

    Parameters:
      emails, refresh_tokens: accounts and sessions that exist
      access_tokens: different access tokens that are live
      sets: name → access tokens; each set is introspected
    """

    def __init__(self, signet, load, directory, emails, refresh_tokens):
        self.signet, self.load = signet, load
        self.requests = Requests(directory)
        self.client = signet.make_client()
        self.emails, self.refresh_tokens = emails, refresh_tokens
        self.access_tokens, self.sets = [], {}

    @classmethod
    def new(cls, signet, load, directory, families, token_count):
        """Makes accounts and tokens through the API."""
        say(f"making {ACCOUNTS} accounts and {families} sessions")
        emails = [f"bench-{number}@example.test" for number in range(ACCOUNTS)]
        for email in emails:
            signet.register(email)
        pairs = [signet.login(emails[number % ACCOUNTS]) for number in range(families)]
        prepared = cls(signet, load, directory, emails, [refresh for _, refresh in pairs])
        tokens = prepared._tokens_of_few_sessions(token_count)
        prepared.access_tokens = tokens[:MANY_TOKENS]
        prepared.sets = {f"{MANY_TOKENS} tokens": tokens[:MANY_TOKENS]}
        if token_count > MANY_TOKENS:
            prepared.sets[f"{token_count} tokens"] = tokens
        prepared.sets["one token"] = tokens[:1]
        return prepared

    @classmethod
    def of_store(cls, signet, load, directory, sample):
        """Takes sessions of a filled store. Refreshes all but the first 72 once, for their access tokens.

        Parameters:
          sample: pairs of email address and refresh token
        """
        prepared = cls(
            signet, load, directory, [email for email, _ in sample[:ACCOUNTS]],
            [token for _, token in sample[:72]])
        path = prepared.requests.write("first-refreshes", [
            request("POST", "/api/refresh-token", JSON, json.dumps({"refreshToken": token}).encode()) for _, token in sample[72:]
        ])
        kept = prepared.requests.directory / "kept"
        prepared._check(load.run(
            signet.port, signet.pids, 64, 120, "--requests", path, "--once", "--keep", "accessToken", "--kept", kept,
            warm_up=0))
        prepared.access_tokens = kept.read_text().split()
        prepared.sets = {f"{len(prepared.access_tokens)} tokens": prepared.access_tokens}
        return prepared

    def _tokens_of_few_sessions(self, count):
        """Refreshes until there are enough different access tokens."""
        say(f"making {count} access tokens")
        tokens, chain, kept = [], Chain(self, "tokens", self.refresh_tokens), self.requests.directory / "kept"
        while len(tokens) < count:
            self._check(chain.run(
                min(64, len(chain.tokens)), min(10, 0.5 + (count - len(tokens)) / 2000), "--keep", "accessToken", "--kept",
                kept))
            tokens += kept.read_text().split()
        self.refresh_tokens = chain.tokens
        return tokens[:count]

    @staticmethod
    def _check(sample):
        if sample.errors:
            raise BenchmarkFailure(f"refreshes fail: {sample.first_error}")


class Chain:
    """Refresh tokens that successive runs hand on to each other."""

    def __init__(self, prepared, name, tokens):
        self.prepared, self.name, self.tokens = prepared, name, list(tokens)

    def run(self, connections, seconds, *arguments):
        directory = self.prepared.requests.directory
        chain = self.prepared.requests.refreshes(self.name, self.tokens)
        left = directory / f"{self.name}.left"
        signet = self.prepared.signet
        sample = self.prepared.load.run(
            signet.port, signet.pids, connections, seconds, "--chain", chain, "--tokens", left, *arguments)
        used = left.read_text().split("\n")[:connections]
        # Skip empty tokens. A connection's token is empty if its last refresh failed.
        self.tokens = [token for token in used if token] + self.tokens[connections:]
        return sample


class Numbered:
    """Requests that must differ from each other, such as registrations."""

    def __init__(self, prepared, name, make):
        self.prepared, self.name, self.make = prepared, name, make
        self.count = 0

    def run(self, connections, seconds, *arguments):
        # Prepare 400 requests per second, more than any machine answers, so that the requests do not run out.
        needed = int((seconds + 1) * 400) + connections
        path = self.prepared.requests.write(self.name, [self.make(self.count + number) for number in range(needed)])
        self.count += needed
        signet = self.prepared.signet
        return self.prepared.load.run(
            signet.port, signet.pids, connections, seconds, "--requests", path, "--once", *arguments)


def operations(prepared, floors, connections=8):
    """The measured operations, in the order of the table. ``floors`` is a ``Floors`` or a ``NoFloors``."""
    signet, load = prepared.signet, prepared.load

    def contestant(name, run, floors, count=connections, paced=True):
        return Contestant(
            name, lambda seconds: run(count, seconds), tuple(floor for floor in floors if floor), count,
            paced=(lambda rate, seconds: run(count, seconds, "--rate", rate)) if paced else None,
            spread=lambda count, seconds: run(count, seconds),
        )

    def slow(contestant):
        """Long enough for some answers to requests that take tens of milliseconds."""
        measure = contestant.measure
        return dataclasses.replace(contestant, measure=lambda seconds: measure(max(2, seconds)))

    def repeated(name, items, *expected, floors=(), paced=True):
        path = prepared.requests.write(name.replace(" ", "-").replace(",", ""), items)

        def run(count, seconds, *arguments):
            return load.run(signet.port, signet.pids, count, seconds, "--requests", path, *expected, *arguments)

        return contestant(name, run, floors, paced=paced)

    def introspections(name, tokens, *expected):
        fields = {"Authorization": prepared.client, "Content-Type": "application/x-www-form-urlencoded"}
        items = [request("POST", "/oauth2/introspect", fields, b"token=" + token.encode()) for token in tokens]
        _, _, answer = signet.api.send("POST", "/oauth2/introspect", fields, f"token={tokens[0]}")
        floor = floors.hummingbird(f"form POST, {len(answer)} bytes", [items[0]], len(answer))
        return repeated(name, items, *expected, floors=[floor])

    def posts(path, values):
        return [request("POST", path, JSON, json.dumps(value).encode()) for value in values]

    result = []
    for name, path, expected in [
        ("JWKS", "/.well-known/jwks.json", '"keys"'),
        ("metadata", "/.well-known/oauth-authorization-server", '"issuer"'),
    ]:
        item, answer = request("GET", path), signet.api.send("GET", path)
        result.append(repeated(name, [item], "--expect", expected, floors=[
            floors.nio(f"NIO, {name}", item, answer),
            floors.hummingbird(f"GET, {len(answer[2])} bytes", [item], len(answer[2])),
        ]))

    tokens = prepared.access_tokens
    items = [request("GET", "/api/profile", {"Authorization": f"Bearer {token}"}) for token in tokens]
    _, _, answer = signet.api.send("GET", "/api/profile", {"Authorization": f"Bearer {tokens[0]}"})
    result.append(repeated("profile", items, "--expect", '"email"', floors=[
        floors.hummingbird(f"GET with token, {len(answer)} bytes", items, len(answer))
    ]))

    for name, introspected in prepared.sets.items():
        result.append(introspections(f"introspection, {name}", introspected, "--expect", '"active":true'))
    bad = tokens[0][:-8] + "AAAAAAAA"
    result.append(introspections("introspection, bad token", [bad], "--expect", '"active":false'))

    signing = floors.loop("RSA-2048 signature", "sign")
    for count, sessions in [(8, prepared.refresh_tokens[64:72]), (64, prepared.refresh_tokens[:64])]:
        result.append(contestant("refresh", Chain(prepared, f"refresh-{count}", sessions).run, [signing], count))

    hashing = floors.loop("Argon2id", "hash")
    result.append(slow(repeated(
        "login", posts("/api/login", ({"email": email, "password": PASSWORD} for email in prepared.emails)),
        floors=[hashing], paced=False)))
    registration = Numbered(prepared, "register", lambda number: posts(
        "/api/register", [{"name": "Bench", "email": f"new-{number}@example.test", "password": PASSWORD}])[0])
    result.append(slow(contestant("register", registration.run, [hashing], paced=False)))
    return result


class NoFloors:
    """For measurements without floors."""

    def loop(self, *_):
        return None

    hummingbird = nio = loop


class Floors:
    """Servers without content, and loops of cryptography. Each floor exists once, however many operations it is for."""

    def __init__(self, programs, cores, load, requests, connections=8):
        self.program = programs / "http-floor"
        self.cores, self.load, self.requests, self.connections = cores, load, requests, connections
        self.contestants = {}
        self.stack = contextlib.ExitStack()
        #: All operations share one Hummingbird server. The path of a request is the size of the expected answer in
        #: bytes.
        self.sizes, self.hummingbird_server, self.hummingbird_port = [], None, free_port()

    def loop(self, name, operation):
        self.contestants.setdefault(name, Contestant(name, lambda seconds: self.load.floor(operation, seconds)))
        return name

    def hummingbird(self, name, items, size):
        """A bare route that gets the given requests, with another path, and answers with ``size`` bytes."""
        if name not in self.contestants:
            if size not in self.sizes:
                self.sizes.append(size)
            replaced = [self._with_path(item, f"/{size}") for item in items]
            path = self.requests.write(f"floor-{len(self.contestants)}", replaced)
            self._add(name, path, lambda: (self.hummingbird_port, self.hummingbird_server.pid))
        return name

    def nio(self, name, item, answer):
        """A bare NIO handler that writes the same status line, fields and body as Signet."""
        status, fields, body = answer
        encoded = f"HTTP/1.1 {status} OK\r\n" + "".join(f"{field}: {value}\r\n" for field, value in fields) + "\r\n"
        number = len(self.contestants)
        file = self.requests.directory / f"answer-{number}"
        file.write_bytes(encoded.encode() + body)
        path = self.requests.write(f"floor-{number}", [item])
        port = free_port()
        server = self.stack.enter_context(Server(
            [self.program, "nio", "--port", port, "--answer", file], self.cores.server,
            self.requests.directory / f"floor-{number}.log"))
        server.wait_until_listening(port)
        self._add(name, path, lambda: (port, server.pid))
        return name

    def start(self):
        """Starts the Hummingbird server, after all sizes are known."""
        sizes = [part for size in self.sizes for part in ("--size", size)]
        self.hummingbird_server = self.stack.enter_context(Server(
            [self.program, "hummingbird", "--port", self.hummingbird_port, *sizes], self.cores.server,
            self.requests.directory / "hummingbird.log"))
        self.hummingbird_server.wait_until_listening(self.hummingbird_port)

    def _add(self, name, path, place):
        def run(connections, seconds):
            port, pid = place()
            return self.load.run(port, [pid], connections, seconds, "--requests", path)

        self.contestants[name] = Contestant(
            name, lambda seconds: run(self.connections, seconds), connections=self.connections, spread=run)

    @staticmethod
    def _with_path(item, path):
        method, _, rest = item.split(b" ", 2)
        return b" ".join([method, path.encode(), rest])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stack.close()
