"""Pages to be looked at, made by `report` from inputs written here."""

import csv
import json
import subprocess
from pathlib import Path

START = 1_700_000_000
ROWS = 120

# Each would run, load or show something if it were taken for markup.
HOSTILE = [
    "<script>window.hit=1</script>",
    "</script><script>window.hit=2</script>",
    "<img src=x onerror=window.hit=3>",
    "<svg onload=window.hit=4>",
    '"><script>window.hit=5</script>',
    "' onmouseover='window.hit=6",
    '" onfocus="window.hit=7" autofocus="',
    "</title><script>window.hit=8</script>",
    "</style><script>window.hit=9</script>",
    '<iframe src="javascript:parent.hit=10"></iframe>',
    '<a href="javascript:window.hit=11">x</a>',
    "javascript:window.hit=12",
    "<!--><script>window.hit=13</script>-->",
    "<![CDATA[<script>window.hit=14</script>]]>",
    "&lt;script&gt;window.hit=15&lt;/script&gt;",
    "\\u003cscript\\u003ewindow.hit=16\\u003c/script\\u003e",
    "<math><mtext><script>window.hit=17</script></mtext></math>",
    "<details open ontoggle=window.hit=18>",
    "<body onload=window.hit=19>",
    "<style>@import'http://192.0.2.1/x.css';*{display:none}</style>",
    '<base href="http://192.0.2.1/">',
    '<meta http-equiv=refresh content="0;url=http://192.0.2.1/">',
    "<link rel=stylesheet href=http://192.0.2.1/x.css>",
    "\u2028window.hit=24\u2029",
    "${window.hit=25}{{window.hit=25}}",
]


def write(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(rows)
    return path


def header(name, **labels):
    quoted = (f'{key}="{json.dumps(value, ensure_ascii=False)[1:-1]}"' for key, value in sorted(labels.items()))
    return f"{name}{{{','.join(quoted)}}}"


def grid(path, start, columns):
    """A grid of `columns`: header → value of a row."""
    rows = [["time", *columns]]
    rows += [[start + row, *(value(row) for value in columns.values())] for row in range(ROWS)]
    return write(path, rows)


def make(program, folder, name, rank, *options):
    page = folder / f"{name}.html"
    with open(page, "wb") as out:
        subprocess.run([program, "--quiet", *options, rank], stdout=out, check=True)
    return page


def shop(program, folder):
    """A run whose numbers the tests know: a queue of 0.5 that is 50 from row 60 on, among 200 metrics."""
    queue, latency = (
        header("queue_length", service="carts"),
        header("request_seconds_sum", service="carts", route="/carts"),
    )
    others = {header("metric_number", service=f"s{n % 5}", n=str(n)): n for n in range(200)}
    steady = {queue: lambda row: 0.5, latency: lambda row: 0.1 + row % 3 / 100, "locust_users": lambda row: 20}
    steady |= {name: lambda row, n=n: n + row % 2 for name, n in others.items()}
    over = steady | {queue: lambda row: 50 if row >= 60 else 0.5, "locust_users": lambda row: 150}
    quantiles = {
        f'locust_response_time_ms{{quantile="{q}"}}': lambda row, q=q: 1000 * float(q) + row for q in ("0.5", "0.95")
    }
    rank = [["rank", "metric", "service", "kind", "steady", "overload", "pct_change", "q", "onset", "score"]]
    rank += [[1, queue, "carts", "saturation", 0.5, 25.25, 4950, 0.0001, 60, 9.5]]
    rank += [[2, latency, "carts", "latency", 0.11, 0.2, 81.8, 0.0002, 62, 5.5]]
    rank += [[n + 3, name, f"s{n % 5}", "other", n, n + 0.5, 1, 0.5, "", 3 - n / 100] for name, n in others.items()]
    services = [rank[0], [1, queue, "carts", "saturation", 0.5, 25.25, 4950, 0.0001, 60, 9.5]]
    options = ["--title", "Shop", "--grid", grid(folder / "over.csv", START + 600, over | quantiles)]
    options += ["--baseline", grid(folder / "steady.csv", START, steady | quantiles)]
    options += ["--services", write(folder / "services.csv", services), "--link-prometheus", "http://prometheus:9090"]
    options += ["--link-grafana", "http://grafana/explore?q={query}&from={from}&to={to}"]
    options += ["--against-grid", other_run(folder, over | quantiles)]
    return make(program, folder, "shop", write(folder / "rank.csv", rank), *options)


def other_run(folder, columns):
    """The same, an hour later, with twice the queue and every other row."""
    path = grid(folder / "other.csv", START + 4200, columns)
    rows = list(csv.reader(path.open(newline="", encoding="utf-8")))
    at = rows[0].index(header("queue_length", service="carts"))
    return write(path, [rows[0]] + [[*row[:at], 2 * float(row[at]), *row[at + 1 :]] for row in rows[1::2]])


def runs(program, folder):
    """A list of runs, all of whose words are hostile."""
    columns = ["time", "tags", "seconds", "verdict", "first", "folder", "page"]
    rows = [[f"2026-11-22T17:{n:02}:00Z", *[payload] * 5, payload] for n, payload in enumerate(HOSTILE)]
    rows += [["2026-11-22T18:00:00Z", "users=10", 120, "steady", "carts", "runs/users=10/a", "users=10/a/report.html"]]
    return make(program, folder, "runs", write(folder / "runs.csv", [columns, *rows]), "--index", "--title", HOSTILE[7])


def pictures(program, folder):
    """The pictures of the page, a file each."""
    options = [
        "--grid",
        folder / "hostile.csv",
        "--edges",
        folder / "edges.csv",
        "--services",
        folder / "hostile-services.csv",
    ]
    options += ["--to", "svg", "--into", folder / "slides", folder / "hostile-rank.csv"]
    made = subprocess.run([program, "--quiet", *options], stdout=subprocess.PIPE, check=True, text=True)
    return [Path(line) for line in made.stdout.splitlines()]


def hostile(program, folder):
    """A page all of whose names and words are hostile."""
    names = [header("m", service=payload, route=payload, n=str(n)) for n, payload in enumerate(HOSTILE)]
    names += HOSTILE
    values = {name: lambda row, n=n: n + row % 7 for n, name in enumerate(dict.fromkeys(names))}
    columns = ["rank", "metric", "service", "kind", "steady", "overload", "pct_change", "q", "onset", "score", "note"]
    rank = [columns] + [
        [n + 1, name, HOSTILE[n % 25], HOSTILE[(n + 1) % 25], 1, 2, 100, 0.001, 3, 50 - n, HOSTILE[(n + 2) % 25]]
        for n, name in enumerate(values)
    ]
    edges = [["caller", "callee", "calls"]] + [[a, b, 7] for a, b in zip(HOSTILE, HOSTILE[1:])]
    faults = [["kind", "distance", "nearest", "service", "note"]] + [
        [payload, 1, payload, payload, payload] for payload in HOSTILE
    ]
    dtw = [["metric", "normalised", "lag", "sign", "query"]] + [
        [name, 1, n, "-", HOSTILE[0]] for n, name in enumerate(values)
    ]
    pca = [["metric", "contribution", "pc1", "pc2"]] + [[name, 0.1, 0.5, -0.5] for name in values]
    stats = [["Type", "Name", "Request Count", "Failure Count"], ["GET", HOSTILE[2], 10, 3]]
    failures = [["Method", "Name", "Error", "Occurrences"], [HOSTILE[0], HOSTILE[2], HOSTILE[4], 3]]
    record = {
        "id": HOSTILE[1],
        "command": {payload: payload for payload in HOSTILE},
        HOSTILE[3]: {HOSTILE[5]: HOSTILE[6]},
    }
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    (folder / "chain.txt").write_text("\n".join(HOSTILE), encoding="utf-8")
    write(folder / "load_stats.csv", stats)
    write(folder / "load_failures.csv", failures)
    ranking = write(folder / "hostile-rank.csv", rank)
    options = ["--title", HOSTILE[7], "--grid", grid(folder / "hostile.csv", START, values), "--against", ranking]
    options += [
        "--services",
        write(folder / "hostile-services.csv", rank[: len(HOSTILE) + 1]),
        "--edges",
        write(folder / "edges.csv", edges),
        "--faults",
        write(folder / "faults.csv", faults),
    ]
    options += [
        "--dtw",
        write(folder / "dtw.csv", dtw),
        "--pca",
        write(folder / "pca.csv", pca),
        "--run",
        folder / "run.json",
    ]
    listed = [["time", "page"]] + [[payload, payload] for payload in HOSTILE]
    options += ["--runs", write(folder / "listed.csv", listed), "--against-grid", folder / "hostile.csv"]
    options += [
        "--chain",
        folder / "chain.txt",
        "--locust",
        folder / "load",
        "--link-prometheus",
        "http://" + HOSTILE[5],
    ]
    return make(program, folder, "hostile", ranking, *options)
