"""Drills: what goes wrong around the programs of Examples, against a real issuer.

Each drill causes one fault. It checks the answer to the caller, and the line from which a person finds the cause: the line
names what was expected and what was found.

`Scripts/examples [NAME…]` runs all drills, or the named ones.
"""

import base64
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import time

from world import EXAMPLES, PASSWORD, PATIENCE, LossyNetwork, Program, World, eventually, free_port, orders, post, send


def require(condition, found):
    assert condition, found


def refused(answer, status, error=None):
    """Requires an answer with `status`, and with `error` in its challenge."""
    challenge = answer.headers.get("WWW-Authenticate") or ""
    require(answer.status == status, f"expected {status}, found {answer.status} {challenge} {answer.body}")
    if error:
        require(f'error="{error}"' in challenge, challenge)


def unavailable(answer):
    refused(answer, 503)
    require(int(answer.headers["Retry-After"]) > 0, "no Retry-After")


def ended(result, code, *parts):
    """Requires the exit code of a program, and all `parts` in one line of its output."""
    found, output = result
    require(found == code, f"expected exit code {code}, found {found}: {output}")
    require(any(all(part in line for part in parts) for line in output.split("\n")), f"no line with {parts}: {output}")


def good(world):
    """Nothing is wrong: both scopes open their routes and no other one."""
    world.start_issuer()
    world.register()
    world.fetch_keys()
    service = world.service()
    user = world.log_in()["accessToken"]
    warehouse = world.client_token("orders:ship")
    require(orders(service, user).json[0]["item"] == "tea", "no orders")
    require(orders(service, warehouse, "/shipments/1001", "POST").json["order"] == "1001", "no shipment")
    refused(orders(service, user, "/shipments/1001", "POST"), 403, "insufficient_scope")
    service.line("request refused", "code=insufficientScope", 'expected all of "orders:ship", found "orders:read"')
    refused(orders(service, warehouse), 403, "insufficient_scope")
    ended(world.check(user, warehouse), 0, "accepted", 'scope="orders:ship"')
    ended(world.check(user, scope="orders:ship"), 1, "insufficientScope", 'expected all of "orders:ship", found "orders:read"')
    ended(world.command("login", "alice@example.com"), 0, "logged in as Alice")
    ended(world.command("list", service=service.url), 0, "teapot")
    ended(world.command("logout"), 0, "logged out")
    ended(world.command("list", service=service.url), 77, "notLoggedIn")


def wrong_issuer(world):
    """The programs are told a wrong URL of the issuer."""
    world.start_issuer()
    world.register()
    world.fetch_keys()
    token = world.log_in()["accessToken"]
    other = world.url.replace("127.0.0.1", "localhost")
    service = world.service(issuer=other, waits=False)
    require(service.exit_code() == 78, f"expected exit code 78: {service.log}")
    service.line("orders-service: issuerMismatch", f'expected "{other}"', f'found "{world.url}"')
    ended(world.check(token, issuer=other), 1, "wrongIssuer", f'expected "{other}"', f'found "{world.url}"')
    wrong = world.url + "/nowhere"
    ended(
        world.command("login", "alice@example.com", issuer=wrong), 1, "unexpectedAnswer", f"{wrong}/api/login", "404")


def issuer_down_at_start(world):
    """The service starts before its issuer."""
    world.start_issuer()
    world.register()
    token = world.log_in()["accessToken"]
    world.issuer.stop()
    service = world.service()
    service.line("the verifier has no keys yet", "code=keysUnavailable", world.url, "next attempt")
    unavailable(orders(service, token))
    service.line("request refused", "code=keysUnavailable", world.url)
    refused(send("GET", service.url + "/ready"), 503)
    service.line("not ready", world.url, "Connection refused")
    ended(world.command("login", "alice@example.com"), 75, "unavailable", f"{world.url}/api/login")
    world.start_issuer()
    eventually("the service recovers", lambda: orders(service, token).status == 200)
    service.line("fetching works again", "failed_attempts=")
    require(send("GET", service.url + "/ready").status == 200, "not ready")


def issuer_down_later(world):
    """The issuer stops while its services run."""
    world.start_issuer(SIGNET_STATUS_LIST_FRESHNESS="5s")
    world.register()
    service = world.service("--status-lists", "yes")
    ended(world.command("login", "alice@example.com"), 0, "logged in")
    ended(world.command("list", service=service.url), 0, "teapot")
    token = world.log_in()["accessToken"]
    require(orders(service, token).status == 200, "refused before the outage")
    world.issuer.stop()

    def warned():
        # The verifier fetches while tokens arrive. The cached keys and status list verify them.
        answer = orders(service, token)
        require(answer.status == 200, f"refused during the outage: {answer.status}: {service.log}")
        return "what is cached stays in use" in service.log

    eventually("a warning about the outage", warned)
    service.line("cannot fetch; what is cached stays in use", "/.well-known/status-lists/0", "age_seconds=")
    ended(world.command("logout"), 75, "unavailable", f"{world.url}/api/logout")
    ended(world.command("list", service=service.url), 0, "teapot")
    world.start_issuer()
    eventually("fetching works again", lambda: orders(service, token) and "fetching works again" in service.log)
    ended(world.command("logout"), 0, "logged out")


def key_rotation(world):
    """The issuer changes its signing key, and then withdraws the old one."""
    world.start_issuer()
    world.register()
    world.fetch_keys()
    unprepared = world.service()
    before = world.log_in()["accessToken"]
    require(orders(unprepared, before).status == 200, "refused before the rotation")
    # The next service fetches its keys after the issuer has published the next key.
    world.signet("keys", "generate")
    eventually("two keys are published", lambda: published_keys(world).count('"kid"') == 2)
    service = world.service()
    require(orders(service, before).status == 200, "refused before the rotation")
    world.signet("keys", "rotate", "--now", "--yes")
    after = eventually("a token of the new key", lambda: new_key_token(world, before))
    for token in (before, after):
        require(orders(service, token).status == 200, f"refused after the rotation: {service.log}")
    # --now does not wait for verifiers with older keys. They refuse the new key until their next fetch.
    refused(orders(unprepared, after), 401, "invalid_token")
    unprepared.line(
        "code=unknownKey", f'expected one of "{key_id(before)}", found "{key_id(after)}"', "may start the next fetch in")
    ended(world.check(after), 1, "unknownKey", f'expected one of "{key_id(before)}", found "{key_id(after)}"')
    world.fetch_keys()
    ended(world.check(before, after), 0, "accepted")
    world.signet("keys", "revoke", key_id(before))
    eventually("the key is withdrawn", lambda: key_id(before) not in published_keys(world))
    world.fetch_keys()
    ended(world.check(before), 1, "unknownKey", "expected one of", key_id(after), f'found "{key_id(before)}"')
    late = world.service()
    refused(orders(late, before), 401, "invalid_token")
    late.line("request refused", "code=unknownKey", "expected one of", key_id(after), f'found "{key_id(before)}"')
    eventually("the unprepared service recovers", lambda: orders(unprepared, after).status == 200)
    unprepared.line("the issuer's keys changed", key_id(after))


def published_keys(world):
    return send("GET", f"{world.url}/.well-known/jwks.json").body


def new_key_token(world, before):
    token = world.log_in()["accessToken"]
    return token if key_id(token) != key_id(before) else None


def key_id(token):
    header = token.split(".")[0]
    return json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))["kid"]


def wrong_audience(world):
    """The token is for another service."""
    world.start_issuer()
    world.register()
    world.fetch_keys()
    token = world.log_in()["accessToken"]
    service = world.service(audience="stock")
    refused(orders(service, token), 401, "invalid_token")
    service.line("request refused", "code=wrongAudience", 'aud: expected one of "stock", found "orders"')
    ended(world.check(token, audience="stock"), 1, "wrongAudience", 'aud: expected one of "stock", found "orders"')


def expired_token(world):
    """The token is an hour old. The issuer made it while its clock was an hour behind."""
    world.start_issuer(clock=-3600)
    world.register()
    token = world.log_in()["accessToken"]
    world.issuer.stop()
    world.start_issuer()
    world.fetch_keys()
    service = world.service()
    refused(orders(service, token), 401, "invalid_token")
    # It lives for 15 minutes, so it expired 45 minutes ago.
    line = service.line("request refused", "code=expired", "exp: expired", "the leeway is 30 s", "sub=")
    require(2690 < int(re.search(r"expired (\d+)", line)[1]) < 2800, line)
    ended(world.check(token), 1, "refused expired", "the leeway is 30 s")


def skewed_clock(world):
    """The clock of the service is wrong."""
    world.start_issuer()
    world.register()
    world.fetch_keys()
    token = world.log_in()["accessToken"]
    behind = world.service(clock=-300)
    refused(orders(behind, token), 401, "invalid_token")
    behind.line("request refused", "code=issuedInFuture", "s in the future", "the leeway is 30 s")
    ended(world.check(token, clock=-300), 1, "refused issuedInFuture", "clock")
    ahead = world.service(clock=1200)
    refused(orders(ahead, token), 401, "invalid_token")
    ahead.line("request refused", "code=expired", "the leeway is 30 s")
    slightly = world.service(clock=-20)
    require(orders(slightly, token).status == 200, "20 s are within the leeway")


def revoked_session(world):
    """The user logs out, and an attacker has the access token."""
    world.start_issuer(SIGNET_STATUS_LIST_FRESHNESS="5s")
    world.register()
    world.fetch_keys()
    service = world.service("--status-lists", "yes")
    tokens = world.log_in()
    require(orders(service, tokens["accessToken"]).status == 200, "refused before the logout")
    require(post(f"{world.url}/api/logout", {"refreshToken": tokens["refreshToken"]}).status == 200, "no logout")
    answer = eventually(
        "the token is refused", lambda: (a := orders(service, tokens["accessToken"])).status != 200 and a, patience=15)
    refused(answer, 401, "invalid_token")
    service.line("request refused", "code=revoked", "status: entry", "/.well-known/status-lists/0 is set", "sid=")
    # Keys alone do not show the end of the session.
    ended(world.check(tokens["accessToken"]), 0, "accepted")


def ended_session(world):
    """An operator ends the session of the client."""
    world.start_issuer(SIGNET_ACCESS_TOKEN_TTL="5s")
    world.register()
    service = world.service()
    ended(world.command("login", "alice@example.com"), 0, "logged in")
    world.signet("sessions", "revoke", "--user", "alice@example.com")
    result = eventually(
        "the session has ended", lambda: (r := world.command("list", service=service.url))[0] != 0 and r)
    ended(result, 77, "sessionEnded", f"{world.url}/api/refresh-token", "log in with: orders-command login")


def lost_answers(world):
    """The network loses answers to a refresh, after the issuer has replaced the refresh token."""
    lifetime = 5
    world.start_issuer(SIGNET_ACCESS_TOKEN_TTL=f"{lifetime}s")
    world.register()
    service = world.service()
    network = LossyNetwork(world.url, losses=2)
    try:
        ended(world.command("login", "alice@example.com", issuer=network.url), 0, "logged in")
        # Wait until the access token has expired, so that the command has to refresh it.
        time.sleep(lifetime + 0.5)
        ended(world.command("list", issuer=network.url, service=service.url), 0, "teapot")
        require(network.lost == 2, f"{network.lost} answers were lost")
        eventually("a line about the repeated refresh", lambda: "refresh_replayed" in world.signet("audit", "list"))
        # All answers get lost: the command gives up, and the session survives.
        network.losses = 1000
        time.sleep(lifetime + 0.5)
        failed = world.command("list", issuer=network.url, service=service.url)
        ended(failed, 75, "unavailable", f"no answer from {network.url}/api/refresh-token", "try again later")
        network.losses = 0
        ended(world.command("list", issuer=network.url, service=service.url), 0, "teapot")
        require("refresh_reused" not in world.signet("audit", "list"), "the issuer took the client for a thief")
    finally:
        network.close()


def readmes(world):
    """The commands of the READMEs of the examples work as written, apart from the ports and the places of the programs."""
    world.start_issuer()
    world.register()
    service_port = str(free_port())
    programs = {
        "swift run orders-service": os.environ["SIGNET_DRILL_ORDERS_SERVICE"],
        "swift run token-check": os.environ["SIGNET_DRILL_TOKEN_CHECK"],
        "swift run orders-command": os.environ["SIGNET_DRILL_ORDERS_COMMAND"],
        "signet ": os.environ["SIGNET_TEST_BINARY"] + " ",
    }
    environment = {
        "PATH": "/usr/bin:/bin", "HOME": str(world.directory), "ORDERS_PASSWORD": PASSWORD, **world.settings,
        "WAREHOUSE_TOKEN": world.client_token("orders:ship"),
    }
    count = 0
    for example in ("OrdersService", "TokenCheck", "OrdersCommand"):
        text = (EXAMPLES / example / "README.md").read_text()
        for block in re.findall(r"^```\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
            for written in block.splitlines():
                # `Scripts/examples` runs the tests.
                if written == "swift test":
                    continue
                count += 1
                line = written.split("  #")[0]
                for name, program in programs.items():
                    line = re.sub(rf"(^| ){re.escape(name)}", rf"\g<1>{program}", line)
                line = line.replace("http://localhost:5000", world.url).replace("5100", service_port)
                if written.endswith("signet serve"):
                    world.issuer.stop()
                    world.issuer = Program(world, "signet", "bash", "-c", f"exec env {line}", environment=environment)
                    world.issuer.line("Signet is ready")
                    continue
                if "swift run orders-service" in written:
                    Program(world, "orders-service", "bash", "-c", f"exec {line}", environment=environment).line(
                        "listening on")
                    continue
                if "swift run orders-command" in written:
                    line += f" --issuer {world.url} --service http://127.0.0.1:{service_port}"
                result = subprocess.run(
                    ["bash", "-euo", "pipefail", "-c", line], cwd=world.directory, capture_output=True, text=True,
                    timeout=PATIENCE, env=environment)
                require(result.returncode == 0, f"{example}: {written}: {result.stdout}{result.stderr}")
                if "/api/login" in written:
                    environment["TOKEN"] = json.loads(result.stdout)["accessToken"]
                if written.startswith("curl -i"):
                    require("200 OK" in result.stdout, f"{example}: {written}: {result.stdout}")
    require(count >= 11, f"only {count} commands in the READMEs of the examples")


DRILLS = [
    key_rotation, lost_answers, ended_session, issuer_down_later, revoked_session, issuer_down_at_start, good,
    wrong_issuer, wrong_audience, expired_token, skewed_clock, readmes,
]


def run(drill):
    start = time.monotonic()
    try:
        with World() as world:
            drill(world)
    except (AssertionError, subprocess.SubprocessError, OSError) as error:
        return drill, time.monotonic() - start, error
    return drill, time.monotonic() - start, None


def main(names):
    unknown = set(names) - {drill.__name__ for drill in DRILLS}
    if unknown:
        print(f"drills: there is no drill {', '.join(sorted(unknown))}", file=sys.stderr)
        return 64
    chosen = [drill for drill in DRILLS if not names or drill.__name__ in names]
    failed = False
    with concurrent.futures.ThreadPoolExecutor(4) as threads:
        for done in concurrent.futures.as_completed([threads.submit(run, drill) for drill in chosen]):
            drill, seconds, error = done.result()
            print(f"{seconds:6.1f} s  {drill.__name__}: {'failed' if error else 'passed'}", flush=True)
            if error:
                failed = True
                print(error, file=sys.stderr, flush=True)
    return 1 if failed else 0


sys.exit(main(sys.argv[1:]))
