"""Makes one run: the shop, Prometheus and Locust on this machine; a steady phase, then an overload phase.

Writes into the run's folder what was measured: steady.jsonl.gz and overload.jsonl.gz (all series of both phases),
steady-spans.jsonl.gz and overload-spans.jsonl.gz (the shop's traces, as lines of OTLP's JSON),
locust_*.csv and requests.csv.gz (the load), logs/, and, last of all, run.json. A run that was interrupted or that
failed leaves interrupted.json in its place.
"""

import argparse
import hashlib
import shlex
import shutil
import sys
import time
from functools import partial
from pathlib import Path

from strainlab import criteria, fetch, phases, record, traces, watch, words
from strainlab.command import LAB, Parser, run, say
from strainlab.errors import Failed, plain
from strainlab.load import generator
from strainlab.load.generator import Load
from strainlab.lock import only_one_at_a_time
from strainlab.machine import machine, versions
from strainlab.phases import Phase
from strainlab.processes import Processes, free_ports, get, wait_until
from strainlab.record import Record
from strainlab.shapes import SHAPES

SERVICES = ["front-end", "catalogue", "carts", "orders", "payment", "shipping", "user"]
Ports = dict[str, int]


def arguments() -> argparse.Namespace:
    parser = Parser(prog="experiment", description=__doc__)
    add = parser.add_argument
    add("run", type=Path, help="folder of the run, which must not hold one yet")
    add("--bottleneck", choices=SERVICES, default="carts", help="the service that saturates first")
    add("--warm-up", type=words.seconds, default=8.0, metavar="TIME", help="before the steady phase, not recorded")
    add("--steady", type=words.seconds, default=60.0, metavar="TIME")
    add("--overload", type=words.seconds, default=60.0, metavar="TIME")
    add("--steady-users", type=words.count, default=20, metavar="N")
    add("--steady-spawn-rate", type=words.above_0, default=10, metavar="USERS/S")
    add("--users", type=words.count, default=150, metavar="N", help="users of the overload phase")
    add("--spawn-rate", type=words.above_0, default=30, metavar="USERS/S")
    add("--shape", choices=SHAPES, default="steady", help="how the overload phase comes to its users")
    add("--tags", type=words.tags, default=[], help='words to remember the run by, such as "shape=step users=200"')
    add("--locustfile", type=Path, default=LAB / "locustfile.py", metavar="FILE")
    add("--criteria", type=criteria.read, metavar="FILE", help="TOML; the load stops when they are broken")
    add("--shop", type=Path, default=Path("target/release/shop"), metavar="PROGRAM")
    add("--prom-fetch", type=Path, default=Path("target/release/prom-fetch"), metavar="PROGRAM")
    add("--locust", default=".venv/bin/locust", metavar="PROGRAM")
    add("--prometheus", default="prometheus", metavar="PROGRAM")
    watch.add_arguments(parser)
    return parser.parse_args()


def start_shop(args: argparse.Namespace, processes: Processes, ports: Ports) -> dict[str, str]:
    """The seven services, each told where the others are; the commands."""
    peers = [word for name in SERVICES for word in ("--peers", f"{name}=127.0.0.1:{ports[name]}")]
    commands = {}
    for name in SERVICES:
        command = [args.shop, "--service", name, "--port", ports[name], "--bottleneck", args.bottleneck, *peers]
        command += ["--spans", traces.file_of(args.run, name)]
        processes.start(name, command)
        commands[name] = shlex.join(map(str, command))
    for name in SERVICES:
        wait_until(partial(get, f"http://127.0.0.1:{ports[name]}/health"), name, processes)
    return commands


def scrape_config(ports: Ports) -> dict[str, object]:
    """`instance` is the service's name: its port differs from run to run."""
    jobs = [
        {
            "job_name": name,
            "honor_labels": True,
            "static_configs": [
                {"targets": [f"127.0.0.1:{ports[name]}"], "labels": {"service": name, "instance": name}}
            ],
        }
        for name in SERVICES
    ]
    interval = {"scrape_interval": f"{fetch.SCRAPE_INTERVAL_S}s", "scrape_timeout": "900ms"}
    return {"global": interval, "scrape_configs": jobs}


def start_prometheus(args: argparse.Namespace, processes: Processes, ports: Ports) -> str:
    """A Prometheus on the loopback address; the command."""
    config = args.run / "prometheus.yml"
    # JSON is YAML.
    record.write_json(config, scrape_config(ports))
    address = f"127.0.0.1:{ports['prometheus']}"
    command = [args.prometheus, f"--config.file={config}", f"--storage.tsdb.path={args.run / 'prometheus'}"]
    command += [f"--web.listen-address={address}", "--log.level=warn"]
    processes.start("prometheus", command)
    wait_until(lambda: get(f"http://{address}/-/ready"), "prometheus", processes)

    def all_up() -> bool:
        result = fetch.query(f"http://{address}", "sum(up)")
        return bool(result) and result[0]["value"][1] == str(len(SERVICES))

    wait_until(all_up, "prometheus: its targets", processes)
    return shlex.join(map(str, command))


def planned_phases(args: argparse.Namespace) -> list[Phase]:
    return [
        Phase("warm-up", args.warm_up, args.steady_users, args.steady_spawn_rate),
        Phase("steady", args.steady, args.steady_users, args.steady_spawn_rate),
        Phase("overload", args.overload, args.users, args.spawn_rate, args.shape),
    ]


def planned_load(args: argparse.Namespace, ports: Ports) -> Load:
    return Load(
        folder=args.run,
        planned=planned_phases(args),
        host=f"http://127.0.0.1:{ports['front-end']}",
        program=args.locust,
        script=args.locustfile,
        criteria=args.criteria,
    )


def make_run(args: argparse.Namespace, processes: Processes, made: Record) -> None:
    ports = dict(zip([*SERVICES, "prometheus"], free_ports(len(SERVICES) + 1)))
    load = planned_load(args, ports)
    load.require()
    commands = made["command"]
    commands["shop"] = start_shop(args, processes, ports)
    say(f"the shop is up, {args.bottleneck} has the fewest workers")
    commands["prometheus"] = start_prometheus(args, processes, ports)
    metrics = f"http://127.0.0.1:{ports['prometheus']}"
    say(f"prometheus scrapes every {fetch.SCRAPE_INTERVAL_S} s")
    commands["load"] = load.shown()
    with watch.watching(args, metrics):
        made["exit"] = generator.make(load, processes)
    made["clock_skew_s"] = fetch.clock_skew(metrics)
    made["phases"] = phases.made(args.run, load.planned)
    made["broken"] = generator.broken(args.run)
    # The last scrape of the overload.
    time.sleep(2 * fetch.SCRAPE_INTERVAL_S)
    commands["prom-fetch"] = [fetch.phase(args.run, args.prom_fetch, metrics, phase) for phase in made["phases"]]
    for phase in made["phases"]:
        traces.phase(args.run, [traces.file_of(args.run, name) for name in SERVICES], phase)
    for name in SERVICES:
        traces.file_of(args.run, name).unlink()
    record.compress(args.run / "requests.csv")


def new_record(args: argparse.Namespace) -> Record:
    return {
        "id": "/".join(args.run.parts[-2:]),
        "tags": args.tags,
        "command": {"experiment": shlex.join(sys.argv)},
        "versions": versions(
            locust=args.locust, prometheus=args.prometheus, shop=args.shop, prom_fetch=args.prom_fetch
        ),
        "machine": machine(),
        "phases": [],
        "scrape_interval_s": fetch.SCRAPE_INTERVAL_S,
        "step_s": fetch.SCRAPE_INTERVAL_S,
        "bottleneck": args.bottleneck,
        "locust": {
            "warm_up_s": args.warm_up,
            "shape": args.shape,
            "locustfile_sha256": hashlib.sha256(args.locustfile.read_bytes()).hexdigest(),
        },
        "exit": None,
    }


def experiment() -> None:
    args = arguments()
    with only_one_at_a_time():
        made = new_record(args)
        logs = record.new_folder(args.run)
        try:
            with Processes(logs) as processes:
                make_run(args, processes, made)
        except (Failed, OSError) as failure:
            record.mark_interrupted(args.run, made, failure)
            raise Failed(plain(failure)) from None
        shutil.rmtree(args.run / "prometheus")
        record.write_json(args.run / "run.json", made)
    if made["broken"]:
        say(f"stopped: {made['broken']['criterion']} is {made['broken']['value']:g}, above {made['broken']['bound']:g}")
    say(f"the run is in {args.run}")


def main() -> int:
    return run(experiment)
