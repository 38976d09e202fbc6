"""A page that grows while a run is made, at an address of this machine alone.

The chain is made again and again on what Prometheus has so far, and the browser is told of each new page by server-sent
events. That takes some of the processor from what is measured: it is for looking on, not for figures.
"""

import argparse
import base64
import hashlib
import subprocess
import threading
import time
from contextlib import AbstractContextManager, nullcontext, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any

from strainlab import fetch, phases
from strainlab.command import say
from strainlab.errors import Failed

PAUSE_S = 4
PING_S = 10
SCRIPT = """const frame = document.querySelector('iframe');
const events = new EventSource('events');
let at = 0, loading = false;
frame.onload = () => {
  frame.contentWindow.scrollTo({ top: at, behavior: 'instant' });
  loading = false;
};
events.onmessage = () => {
  if (!loading) at = frame.contentWindow.scrollY;
  loading = true;
  frame.contentWindow.location.reload();
};
events.addEventListener('end', () => events.close());
"""
STYLE = "body{margin:0}iframe{border:0;width:100vw;height:100vh;display:block}"
NO_PAGE = b"<!doctype html><title>strain</title><p>The run warms up: no page yet."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--watch", action="store_true", help="serve a page that grows with the run, on the loopback address")
    for name in ("grid-build", "rank", "report"):
        add(f"--{name}", type=Path, default=Path(f"target/release/{name}"), metavar="PROGRAM")


def watching(args: argparse.Namespace, metrics: str) -> AbstractContextManager[object]:
    """Serves the page as long as the context lasts, where that was asked for."""
    return Watch(args, metrics) if args.watch else nullcontext()


class Watch:
    """The server, and the thread that makes its page."""

    def __init__(self, args: argparse.Namespace, metrics: str) -> None:
        self.args, self.metrics = args, metrics
        self.folder = args.run / "watch"
        self.page = NO_PAGE
        self.number = 0
        self.ended = False
        self.changed = threading.Condition()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.watch = self  # type: ignore[attr-defined]
        self.maker = threading.Thread(target=self.make_pages)

    def __enter__(self) -> "Watch":
        self.folder.mkdir()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.maker.start()
        say(f"the page grows at http://127.0.0.1:{self.server.server_port}/")
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        with self.changed:
            self.ended = True
            self.changed.notify_all()
        self.maker.join()
        self.server.shutdown()
        self.server.server_close()
        for path in self.folder.iterdir():
            path.unlink()
        self.folder.rmdir()

    def make_pages(self) -> None:
        told = ""
        while not self.ended:
            try:
                self.show(self.made())
            except (Failed, OSError, subprocess.SubprocessError) as failure:
                # A table that is being written, a scrape that is not there yet: the next page has it.
                if str(failure) != told:
                    told = str(failure)
                    with open(self.args.run / "logs" / "watch.log", "a", encoding="utf-8") as log:
                        log.write(f"{told}\n")
            with self.changed:
                self.changed.wait_for(lambda: self.ended, PAUSE_S)

    def show(self, page: bytes) -> None:
        with self.changed:
            self.page = page
            self.number += 1
            self.changed.notify_all()

    def after(self, known: int) -> int:
        """The number of the newest page, as soon as it is another one, or after a while."""
        with self.changed:
            self.changed.wait_for(lambda: self.ended or self.number != known, PING_S)
            return self.number

    def made(self) -> bytes:
        """The page of what has been measured so far."""
        begun = {each["name"]: each["start"] for each in phases.read(self.args.run)}
        if "steady" not in begun:
            return NO_PAGE
        now = time.time()
        ends = [begun.get("overload", now), begun.get("recovery", begun.get("end", now))]
        self.grid("steady", begun["steady"], ends[0])
        if "overload" not in begun:
            (self.folder / "rank.csv").write_text("rank,metric\n")
            return self.report("steady")
        self.grid("overload", begun["overload"], ends[1], "--like", self.folder / "steady.csv")
        for table, words in {"rank": [], "services": ["--by", "service"]}.items():
            baseline = ["--baseline", self.folder / "steady.csv"]
            self.write(table, self.args.rank, *baseline, *words, self.folder / "overload.csv")
        tables = {"--baseline": "steady.csv", "--services": "services.csv"}
        return self.report("overload", *(word for flag, file in tables.items() for word in (flag, self.folder / file)))

    def grid(self, name: str, start: float, end: float, *words: object) -> None:
        fetch.phase(self.folder, self.args.prom_fetch, self.metrics, {"name": name, "start": start, "end": end})
        locust = ["--locust", self.args.run / "locust"] if (self.args.run / "locust_stats_history.csv").exists() else []
        series = self.folder / f"{name}.jsonl.gz"
        self.write(name, self.args.grid_build, *locust, "--histograms", "quantiles", *words, series)

    def report(self, name: str, *words: object) -> bytes:
        title = ["--title", f"As it happens: {self.args.run.name}", "--grid", self.folder / f"{name}.csv"]
        return output(self.args.report, *title, *words, self.folder / "rank.csv")

    def write(self, table: str, *command: object) -> None:
        made = output(*command)
        (self.folder / f"{table}.csv").write_bytes(made)


def output(*command: object) -> bytes:
    done = subprocess.run([str(word) for word in command], capture_output=True, timeout=60)
    if done.returncode:
        raise Failed(done.stderr.decode(errors="replace").strip().rpartition("\n")[2])
    return done.stdout


def hashed(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


# The frame around the page: it may load the page and hear of new ones, and nothing else.
POLICY = (
    f"default-src 'none'; frame-src 'self'; connect-src 'self'; script-src 'sha256-{hashed(SCRIPT)}'; "
    f"style-src 'sha256-{hashed(STYLE)}'; base-uri 'none'"
)
FRAME = (
    f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>As it happens</title>\n<style>{STYLE}</style>\n'
    f'<iframe src="page" title="The run so far"></iframe>\n<script>{SCRIPT}</script>\n</html>\n'
).encode()


class Handler(BaseHTTPRequestHandler):
    """The frame, the page in it, and the events."""

    server: Any

    def do_GET(self) -> None:
        # A browser may go at any time.
        with suppress(OSError):
            self.serve()

    def serve(self) -> None:
        watch: Watch = self.server.watch
        # A page of elsewhere that has made its own name lead here is not answered.
        if self.headers.get("Host") not in (f"{host}:{self.server.server_port}" for host in ("127.0.0.1", "localhost")):
            self.send_error(403)
        elif self.path == "/":
            self.answer(FRAME, [("Content-Security-Policy", POLICY)])
        elif self.path == "/page":
            self.answer(watch.page, [])
        elif self.path == "/events":
            self.tell(watch)
        else:
            self.send_error(404)

    def answer(self, body: bytes, headers: list[tuple[str, str]]) -> None:
        self.send_response(200)
        for name, value in [*headers, ("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")]:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def tell(self, watch: Watch) -> None:
        """A line for each new page, and one now and then by which a browser that has gone is noticed."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        known = watch.number
        while not watch.ended:
            number = watch.after(known)
            self.wfile.write(b": still here\n\n" if number == known else b"data: %d\n\n" % number)
            known = number
        self.wfile.write(b"event: end\ndata: 0\n\n")

    def log_message(self, *_: object) -> None:
        pass
