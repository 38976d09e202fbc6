"""Exporter of beanstalkd: its statistics and those of its tubes, by the names that beanstalkd gives them."""

import threading

import greenstalk
from prometheus_client import REGISTRY, start_http_server
from prometheus_client.core import GaugeMetricFamily


class Beanstalkd:
    def collect(self):
        up = GaugeMetricFamily("beanstalkd_up", "Whether it answered.", 0)
        families, of_tube = [], {}
        try:
            with greenstalk.Client(("queue", 11300)) as queue:
                for name, value in numbers(queue.stats()):
                    families.append(GaugeMetricFamily(f"beanstalkd_{name}", name, value))
                for tube in ("payments", "tickets"):
                    for name, value in numbers(queue.stats_tube(tube)):
                        family = GaugeMetricFamily(f"beanstalkd_tube_{name}", name, labels=["tube"])
                        of_tube.setdefault(name, family).add_metric([tube], value)
            up = GaugeMetricFamily("beanstalkd_up", "Whether it answered.", 1)
        except (OSError, greenstalk.Error):
            pass
        return [up, *families, *of_tube.values()]


def numbers(stats):
    for name, value in stats.items():
        try:
            yield name.replace("-", "_"), float(value)
        except ValueError:
            pass


if __name__ == "__main__":
    REGISTRY.register(Beanstalkd())
    start_http_server(9109)
    threading.Event().wait()
