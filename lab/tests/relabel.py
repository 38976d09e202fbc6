"""What Prometheus makes of the Sock Shop's metrics, with a stand-in for the services and for cAdvisor.

The stand-in is a proxy, so that the scrape configuration keeps its addresses. Needs `prometheus` on PATH.
"""

import http.server
import json
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from pathlib import Path

STACKS = Path(__file__).resolve().parents[1] / "stacks"
CONFIG = ("sock-shop.prometheus.yml", "overlays/cadvisor.prometheus.yml")
LAST = 'le="+Inf"'
FRONT_END = "\n".join(
    f'request_duration_seconds_bucket{{{LAST},service="front-end",method="GET",route="{route}",status_code="200"}} 1'
    for route in ("/catalogue", "/catalogue/510a0d7e-8e83", "/img/logo.png", "/", "/orders")
)


def container(number, project="strain", service="carts"):
    """A line of cAdvisor's for a container of a service."""
    compose = "container_label_com_docker_compose"
    labels = f'{compose}_service="{service}",{compose}_project="{project}",{compose}_container_number="{number}"'
    own = f'id="/docker/{project}{number}",image="i",name="{project}-{service}-{number}"'
    return f'container_cpu_usage_seconds_total{{cpu="total",{own},{labels}}} 5 1000'


NOISE = container(1).replace("cpu_usage_seconds_total", "tasks_state")
WHOLE_MACHINE = 'container_cpu_usage_seconds_total{cpu="total",id="/",image="",name=""} 9 1000\nmachine_cpu_cores 4'
CADVISOR = "\n".join((container(1), container(2), container(1, "another", "users"), NOISE, WHOLE_MACHINE))


class Proxy(http.server.BaseHTTPRequestHandler):
    """Answers for whatever host is asked for, with the path that each really has."""

    def do_GET(self):
        host, path = urllib.parse.urlsplit(self.path)[1:3]
        pages = {
            ("front-end:8079", "/metrics"): FRONT_END,
            ("cadvisor:8080", "/metrics"): CADVISOR,
            ("queue-master:80", "/prometheus"): "heap_used 3",
            (
                "carts:80",
                "/metrics",
            ): 'request_duration_seconds_sum{service="carts",route="/carts/{customerId}"} 2\nheap_used 3',
        }
        body = (pages.get((host, path), "up_and_about 1") + "\n").encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def series(port):
    query = urllib.parse.urlencode({"match[]": '{job=~".+"}'})
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/series?{query}", timeout=5) as answer:
        return json.load(answer)["data"]


def check(found):
    names = [each.pop("__name__") for each in found]
    assert all(each.get("service") and each["instance"] == each["service"] for each in found), found
    assert not any("exported_service" in each for each in found), found
    assert sum(name == "up" for name in names) == 9, names
    routes = {each["route"] for each in found if each["service"] == "front-end" and "route" in each}
    assert routes == {"/catalogue", "/", "/orders"}, routes
    containers = [each for name, each in zip(names, found) if name.startswith(("container_", "machine_"))]
    assert containers == [{"cpu": "total", "instance": "carts", "job": "cadvisor", "service": "carts"}], containers
    assert {each["service"] for name, each in zip(names, found) if name == "heap_used"} == {"carts", "queue-master"}


def main():
    proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    config = "".join((STACKS / name).read_text(encoding="utf-8") for name in CONFIG).replace("${PROJECT}", "strain")
    through = rf"\1\n    proxy_url: http://127.0.0.1:{proxy.server_port}"
    port = int(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "prometheus.yml"
        path.write_text(re.sub(r"(  - job_name: .*)", through, config), encoding="utf-8")
        words = ["prometheus", f"--config.file={path}", f"--storage.tsdb.path={folder}/data", "--log.level=error"]
        child = subprocess.Popen([*words, f"--web.listen-address=127.0.0.1:{port}"])
        try:
            for _ in range(100):
                time.sleep(0.2)
                try:
                    found = series(port)
                except OSError:
                    continue
                if sum(each["__name__"] == "up" for each in found) == 9:
                    break
            time.sleep(1.5)
            check(series(port))
        finally:
            child.terminate()
            child.wait()


if __name__ == "__main__":
    main()
