"""Brings a stack of containers up and takes it down again, with either version of Compose.

STACK names it: a Compose file, or one of lab/stacks. `down` leaves no container, network or volume of the project
behind, whichever stack it was."""

import argparse
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable

from strainlab import fetch, traces, words
from strainlab.command import Parser, call, reason, run, say, setting
from strainlab.docker import compose, engine, journal, limits, stacks
from strainlab.docker.engine import DOCKER, HELPER_LABEL, PROJECT, PROJECT_LABEL, docker
from strainlab.docker.stacks import Stack
from strainlab.errors import Failed, Usage

UP_WITHIN_S = 300
REMOVED_WITHIN_S = 20


def arguments() -> argparse.Namespace:
    parser = Parser(prog="stack", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, parser_class=Parser)
    for name, help_text in {
        "up": "create and start, and wait until it answers",
        "config": "print the Compose files as one, as Compose understands them",
        "services": "print the names of its services",
        "down": "stop and remove containers, networks and volumes",
        "status": "print the containers and their state",
    }.items():
        commands.add_parser(name, help=help_text)
    return parser.parse_args()


def up(stack: Stack) -> None:
    machine = engine.info()
    compose.program()
    is_new = compose.write_scrape(stack)
    # For whichever user a container runs as.
    compose.SPANS.mkdir(parents=True, exist_ok=True)
    compose.SPANS.chmod(0o777)
    try:
        before = engine.containers(service="prometheus")
        compose.run(stack, "up", "--detach", "--remove-orphans", timeout=1800)
        if stack.cadvisor:
            limits.count_throttling([engine.inspect(each) for each in engine.containers()], machine)
        if is_new:
            reload_prometheus(before)
        await_answers(stack)
    except Failed as failure:
        raise Failed(f"{failure}{way_out(str(failure))}") from None
    say(f"{stack.name} is up: {', '.join(filter(None, (front_door(stack), prometheus(stack))))}")


def reload_prometheus(before: list[str]) -> None:
    """A Prometheus that ran before reads its configuration anew; one that has just begun has it, and might be ended."""
    for each in engine.containers(service="prometheus"):
        if each in before:
            call([DOCKER, "kill", "--signal", "HUP", each])


def way_out(failure: str) -> str:
    """What can be done after an `up` that failed: by what went wrong, and by what stays."""
    text = failure.lower()
    advice = ""
    if any(word in text for word in ("pull access denied", "manifest", "no such host", "registry", "dial tcp", "pull")):
        advice = ": make images makes the small shop's, make images-offline stand-ins for the others"
    elif "port is already allocated" in text or "address already in use" in text:
        advice = ": SHOP_PORT and PROMETHEUS_PORT choose others"
    left = len(engine.containers()) if "no daemon" not in text else 0
    return advice + (f" ({left} containers stay: make down removes them)" if left else "")


def await_answers(stack: Stack) -> None:
    door, metrics = front_door(stack), prometheus(stack)
    if door:
        wait("front door", door, lambda: answers(door))
    if metrics:
        wait("prometheus", metrics, lambda: answers(f"{metrics}/-/ready"))
    if metrics and stack.scrape:
        # Every service has been scraped once: a run that begins earlier has gaps that mean nothing.
        optional = "|".join(stack.not_awaited)
        all_up = f'min(up{{service!~"{optional}",job!~"{optional}"}})'
        wait("prometheus: its targets", metrics, lambda: first_value(metrics, all_up) == "1")
        down = fetch.query(metrics, "up==0") or []
        if down:
            names = sorted(each["metric"].get("service") or each["metric"].get("job", "?") for each in down)
            say(f"not scraped: {', '.join(names)}")


def first_value(url: str, expression: str) -> str | None:
    result = fetch.query(url, expression)
    return result[0]["value"][1] if result else None


def wait(what: str, url: str, holds: Callable[[], bool], seconds: float = UP_WITHIN_S) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise Failed(f'{what}: not ready after {seconds:.0f} s: "{url}"')
        none_has_ended()
        time.sleep(0.5)


def answers(url: str) -> bool:
    """Whether a server answers at all; that it has no such page, or asks who is there, is an answer too."""
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except urllib.error.HTTPError as answer:
        return answer.code < 500
    except (OSError, urllib.error.URLError):
        return False


def none_has_ended() -> None:
    """Fails as soon as a container is found dead, instead of at the end of the wait; one that did its work may end."""
    words_of = ["ps", "--all", "--filter", f"label={PROJECT_LABEL}={PROJECT}", "--filter", "status=exited"]
    found = docker(*words_of, "--format", "{{.Names}}: {{.Status}}").splitlines()
    dead = [line for line in found if "Exited (0)" not in line]
    if dead:
        raise Failed(f'container ended: "{dead[0]}": docker logs says why')


def published(service: str, what: str) -> str:
    """http://127.0.0.1:PORT of a service's port, given as service:port, on this machine."""
    name, _, port = service.partition(":")
    if not port.isdigit():
        raise Usage(f'{what}: not service:port: "{service}"')
    found = engine.containers(service=words.name(what, name))
    ports = engine.inspect(found[0])["NetworkSettings"]["Ports"] if found else {}
    hosts = ports.get(f"{port}/tcp")
    if not hosts:
        raise Failed(f'{what}: not a published port of a container that runs: "{service}": publish it, or give a URL')
    address = hosts[0]["HostIp"] if hosts[0]["HostIp"] not in ("0.0.0.0", "::", "") else "127.0.0.1"
    return f"http://{address}:{hosts[0]['HostPort']}"


def front_door(stack: Stack) -> str:
    """Where the load goes, as seen from this machine; an empty text when nothing says."""
    return setting("HOST_URL") or (published(stack.front_door, "front door") if stack.front_door else "")


def inner_door(stack: Stack) -> str:
    """The same as seen from the stack's network."""
    return setting("HOST_URL") or (f"http://{stack.front_door}" if stack.front_door else "")


def prometheus(stack: Stack) -> str:
    if stack.prometheus_url:
        return stack.prometheus_url.rstrip("/")
    service = stack.prometheus or ("prometheus:9090" if stack.scrape else "")
    return published(service, "prometheus") if service else ""


def network(stack: Stack) -> str:
    """The name of the network that the front door is on."""
    name = stack.front_door.partition(":")[0]
    found = engine.containers(service=name) if name else engine.containers()
    if not found:
        raise Failed(f'no container of the stack runs: "{stack.name}": make up')
    return str(next(iter(engine.inspect(found[0])["NetworkSettings"]["Networks"])))


def down() -> None:
    """By label and not by file, so it does not matter which stack, or which version of Compose, made them."""
    engine.info()
    journal.interrupt()
    journal.heal()
    label = f"label={PROJECT_LABEL}={PROJECT}"
    helpers = docker("ps", "--all", "--quiet", "--filter", f"label={HELPER_LABEL}").split()
    if found := engine.containers() + helpers:
        paused = docker("ps", "--quiet", "--filter", label, "--filter", "status=paused").split()
        if paused:
            docker("unpause", *paused)
        call([DOCKER, "stop", "--time", "3", *found])
        docker("rm", "--force", "--volumes", *found)
    for kind in ("network", "volume"):
        remove_all(kind, label)
    left = engine.containers() + docker("network", "ls", "--quiet", "--filter", label).split()
    left += docker("volume", "ls", "--quiet", "--filter", label).split()
    if left:
        raise Failed(f'left behind: "{" ".join(left)}"')
    for path in traces.files_in(compose.SPANS):
        path.unlink()
    say("down: no container, network or volume is left")


def remove_all(kind: str, label: str) -> None:
    """Networks or volumes of the project; the engine takes a moment to see that nothing uses them any more."""
    deadline = time.monotonic() + REMOVED_WITHIN_S
    while found := docker(kind, "ls", "--quiet", "--filter", label).split():
        failed, _, complaint = call([DOCKER, kind, "rm", *found])
        if failed and time.monotonic() > deadline:
            raise Failed(f"docker: {reason(complaint)}")
        time.sleep(0.5 if failed else 0)


def status() -> None:
    engine.info()
    label = f"label={PROJECT_LABEL}={PROJECT}"
    print(docker("ps", "--all", "--filter", label, "--format", "table {{.Names}}\t{{.Status}}\t{{.Ports}}"))


def do(command: str) -> None:
    if command == "up":
        up(stacks.chosen())
    elif command == "config":
        print(json.dumps(compose.services(stacks.chosen()), indent=1, sort_keys=True))
    elif command == "services":
        print("\n".join(compose.services(stacks.chosen())))
    elif command == "down":
        down()
    else:
        status()


def main() -> int:
    return run(lambda: do(arguments().command))
