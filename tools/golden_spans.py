#!/usr/bin/env python3
"""Writes spans/tests/golden/: traces as OTLP lines, and the series that numpy makes of them.

    python3 -m venv .venv && .venv/bin/pip install numpy==2.3.5 && .venv/bin/python tools/golden_spans.py

The series are computed from the lines alone, by what spans/README.md says of calls, gaps and own times.
"""
import json
import pathlib
from collections import defaultdict

import numpy as np

RNG = np.random.default_rng(20261127)
OUT = pathlib.Path(__file__).resolve().parent.parent / "spans/tests/golden"
START, SECOND, TRACES = 1_700_000_000 * 10**9, 10**9, 40
STEP = 2 * SECOND
QUANTILES = [0.5, 0.95, 0.99]
# Who calls whom; what is in small letters at the end has no spans of its own.
GRAPH = {"front": ["orders", "user"], "orders": ["carts", "user", "mysql"], "user": ["mysql"], "carts": ["redis"]}
INTERNAL, SERVER, CLIENT = 1, 2, 3


def span(trace, parent, service, kind, start, end, failed=False, peer=None):
    attributes = [{"key": "db.system.name", "value": {"stringValue": peer}}] if peer else []
    number = int(RNG.integers(1, 2**63))
    return service, {
        "traceId": f"{trace:032x}", "spanId": f"{number:016x}", "parentSpanId": parent or "", "name": "x", "kind": kind,
        "startTimeUnixNano": str(start), "endTimeUnixNano": str(end), "attributes": attributes,
        "status": {"code": 2} if failed else {},
    }


def grow(trace, service, parent, start, out):
    """A server span and all below it; when it ends."""
    end = start + int(RNG.integers(1_000_000, 30_000_000))
    own = span(trace, parent, service, SERVER, start, end)
    out.append(own)
    below = own[1]["spanId"]
    if RNG.random() < 0.3:
        out.append(span(trace, below, service, INTERNAL, start + 1000, end))
        below = out[-1][1]["spanId"]
    for callee in GRAPH.get(service, []):
        if RNG.random() < 0.25:
            continue
        # One after the other, or side by side.
        begin = end if RNG.random() < 0.6 else start + int(RNG.integers(0, end - start))
        end = max(end, call(trace, service, below, callee, begin, out))
    own[1]["endTimeUnixNano"] = str(end + int(RNG.integers(0, 2_000_000)))
    own[1]["status"] = {"code": 2} if RNG.random() < 0.05 else {}
    return int(own[1]["endTimeUnixNano"])


def call(trace, service, parent, callee, begin, out):
    """A client span and, of a callee with spans, the server span below it, by a clock that may be off."""
    peer = None if callee in GRAPH else callee
    client = span(trace, parent, service, CLIENT, begin, begin, RNG.random() < 0.05, peer)
    out.append(client)
    end = begin + int(RNG.integers(500_000, 8_000_000))
    if callee in GRAPH:
        skew = int(RNG.integers(-3_000_000, 3_000_000))
        at = len(out)
        end = grow(trace, callee, client[1]["spanId"], begin + int(RNG.integers(0, 5_000_000)), out)
        end += int(RNG.integers(0, 5_000_000))
        for _, each in out[at:]:
            for key in ("startTimeUnixNano", "endTimeUnixNano"):
                each[key] = str(int(each[key]) + skew)
    client[1]["endTimeUnixNano"] = str(end)
    return end


def lines(spans):
    """OTLP's lines, a few spans of one service each, in no order."""
    for at in RNG.permutation(len(spans)):
        service, one = spans[at]
        resource = {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]}
        yield {"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": [one]}]}]}


def union(parts):
    """How long at least one of the parts lasts."""
    total, until = 0, -1
    for start, end in sorted(parts):
        total += max(0, end - max(start, until))
        until = max(until, end)
    return total


class Span:
    def __init__(self, line):
        (resource,) = line["resourceSpans"]
        self.service = resource["resource"]["attributes"][0]["value"]["stringValue"]
        one = resource["scopeSpans"][0]["spans"][0]
        self.id, self.parent, self.kind = one["spanId"], one["parentSpanId"], one["kind"]
        self.start, self.end = int(one["startTimeUnixNano"]), int(one["endTimeUnixNano"])
        self.failed = one["status"].get("code") == 2
        self.peer = next((pair["value"]["stringValue"] for pair in one["attributes"]), None)
        self.below = []


def measure(documents):
    """Times of each edge and service, as (step, nanoseconds), and the steps of errors."""
    spans = {each.id: each for each in map(Span, documents)}
    found = defaultdict(list)
    for each in spans.values():
        if each.parent:
            spans[each.parent].below.append(each)
    for each in spans.values():
        if each.kind == SERVER and not each.parent:
            edge(found, None, each.service, each, None, each.failed)
        if each.kind == CLIENT:
            server = next((child for child in each.below if child.kind == SERVER), None)
            gap = server and max(0, each.end - each.start - (server.end - server.start))
            callee, failed = (server.service, server.failed) if server else (each.peer, False)
            edge(found, each.service, callee, each, gap, each.failed or failed)
        if each.kind == SERVER:
            waits = [(max(w.start, each.start), min(w.end, each.end)) for w in clients(each)]
            own = each.end - each.start - union([wait for wait in waits if wait[0] < wait[1]])
            found["self_time_seconds", each.service].append((step(each), own))
    return found, sorted({step(each) for each in spans.values()})


def clients(entry):
    """The client spans below a server span that are of its own service."""
    for child in entry.below:
        if child.kind == CLIENT:
            yield child
        elif child.kind == INTERNAL:
            yield from clients(child)


def step(each):
    return -(-each.end // STEP)


def edge(found, caller, callee, each, gap, failed):
    found["call_latency_seconds", caller, callee].append((step(each), each.end - each.start))
    found["call_errors", caller, callee] += [(step(each), 1)] if failed else []
    if gap is not None:
        found["call_gap_seconds", caller, callee].append((step(each), gap))


def header(name, of, quantile=None):
    labels = {"service": of[-1]} if name.startswith("self") else {"caller": of[0], "callee": of[-1], "service": of[-1]}
    labels |= {"quantile": f"{quantile}"} if quantile else {}
    inside = ",".join(f'{key}="{value}"' for key, value in sorted(labels.items()) if value is not None)
    return f"{name}{{{inside}}}"


def series(found, steps):
    out = {}
    per_call = SECOND / STEP
    for (name, *of), times in found.items():
        at = [np.array([value for step, value in times if step == wanted]) for wanted in steps]
        if name in ("call_errors", "call_latency_seconds"):
            rate = "calls" if name == "call_latency_seconds" else name
            out[header(rate, of)] = [len(values) * per_call for values in at]
        if name == "call_errors":
            continue
        out[header(name + "_mean", of)] = [values.mean() / 1e9 if values.size else None for values in at]
        for q in QUANTILES:
            out[header(name, of, q)] = [np.quantile(values, q) / 1e9 if values.size else None for values in at]
    return dict(sorted(out.items()))


def main():
    spans = []
    for trace in range(1, TRACES + 1):
        grow(trace, "front", None, START + int(RNG.integers(0, 20 * SECOND)), spans)
    documents = list(lines(spans))
    found, steps = measure(documents)
    OUT.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(each, separators=(",", ":")) + "\n" for each in documents)
    (OUT / "traces.jsonl").write_text(text, encoding="utf-8")
    golden = {"step_ns": STEP, "times_ns": [at * STEP for at in steps], "series": series(found, steps)}
    (OUT / "series.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n", encoding="utf-8")


main()
