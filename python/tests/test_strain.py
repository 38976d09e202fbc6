"""The module does what the command line does, on frames."""

import io
import json
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from conftest import EXAMPLES

import strain


def test_a_grid_has_times_as_its_index(steady: pd.DataFrame) -> None:
    assert isinstance(steady.index, pd.DatetimeIndex) and str(steady.index.tz) == "UTC"
    assert steady.shape[0] == 60 and all(dtype.kind == "f" or dtype.kind == "i" for dtype in steady.dtypes)


def test_two_frames_are_compared(steady: pd.DataFrame, overload: pd.DataFrame, tmp_path: Path) -> None:
    found = strain.compare(steady, overload, output=tmp_path)
    assert found.verdict == "worse"
    assert found["service"].iloc[0] == "carts" and found.services["service"].iloc[0] == "carts"
    assert found.words.startswith("Worse: carts gives first.")
    assert "carts" in found._repr_html_() and "<iframe" in found.page._repr_html_()
    assert (tmp_path / "report.html").read_text() == found.page.text
    assert found.grids[0] is steady


def test_the_same_ranking_as_that_of_the_command(steady: pd.DataFrame, overload: pd.DataFrame, tmp_path: Path) -> None:
    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for frame, file in zip((steady, overload), files):
        frame.to_csv(file)
    printed = strain.run("rank", "--baseline", files[0], "--to", "csv", files[1])
    ours = strain.rank(overload, baseline=steady)
    pd.testing.assert_frame_equal(pd.read_csv(io.BytesIO(printed)), ours)


def test_series_files_are_compared_and_their_grids_come_back() -> None:
    run = EXAMPLES / "shop-carts"
    found = strain.compare(run / "steady.jsonl.gz", run / "overload.jsonl.gz", locust_requests=run / "requests.csv.gz")
    assert found.verdict == "worse" and "locust_users" not in found.grids[0] and "locust_rps" in found.grids[1]


def test_nothing_got_worse_where_nothing_changed(steady: pd.DataFrame) -> None:
    later = steady.copy()
    later.index = later.index + pd.Timedelta("1h")
    assert strain.compare(steady, later).verdict == "quiet"


def test_polars_and_pandas_give_the_same(steady: pd.DataFrame, overload: pd.DataFrame) -> None:
    def in_polars(frame: pd.DataFrame) -> pl.DataFrame:
        columns = {name: frame[name].to_list() for name in frame}
        return pl.DataFrame({"time": [time.timestamp() for time in frame.index], **columns}, strict=False)

    there = [in_polars(frame) for frame in (steady, overload)]
    pd.testing.assert_frame_equal(strain.rank(there[1], baseline=there[0]), strain.rank(overload, baseline=steady))


def test_an_index_that_counts_is_no_column_of_times() -> None:
    whole = pd.DataFrame({"time": range(1_700_000_000, 1_700_000_006), "a": [1.0, 5, 2, 8, 3, 9], "b": range(6)})
    some = whole[whole["a"] > 2]
    there = strain.znorm(some.reset_index(drop=True))
    pd.testing.assert_frame_equal(strain.znorm(some), there)
    times = pd.RangeIndex(1_700_000_000, 1_700_000_006)
    assert strain.znorm(whole[["a", "b"]].set_index(times)).shape == (6, 2)


def test_the_filters_chain(steady: pd.DataFrame, overload: pd.DataFrame) -> None:
    on = next(name for name in overload if name.startswith("queue_length"))
    normal = strain.znorm(overload, baseline=steady)
    windows = strain.peaks(normal, on=on, cut="10,10", no_peak="whole")
    moving = strain.dtw(windows, on)
    carried = strain.pca(normal)
    ranked = strain.rank(overload, baseline=steady, with_=[moving, carried], by="service")
    assert ranked["service"].iloc[0] == "carts"
    page = strain.report(ranked, grid=overload, baseline=steady)
    assert page.text.startswith("<!") and "carts" in page.text
    assert len(strain.show(overload)) == overload.shape[1]


def test_a_known_fault_is_named(tmp_path: Path) -> None:
    folder = EXAMPLES / "shop-faults/kill-carts-1"
    steady, overload = (folder / f"{phase}.csv.gz" for phase in ("steady", "overload"))
    other = EXAMPLES / "shop-faults"
    for kind in ("kill", "cpu"):
        for name in ("carts-2", "orders-1"):
            run = other / f"{kind}-{name}"
            filed = ["add", kind, "--library", tmp_path, "--baseline", run / "steady.csv.gz"]
            strain.run("faults", *filed, run / "overload.csv.gz")
    named = strain.faults(overload, tmp_path, baseline=steady)
    assert named["kind"].iloc[0] == "kill"


def test_what_a_filter_refuses_is_an_error(steady: pd.DataFrame) -> None:
    with pytest.raises(strain.StrainError, match="rank: ") as refused:
        strain.rank(steady, baseline=steady, by="sevice")
    assert refused.value.status in (1, 2)


class Prometheus(BaseHTTPRequestHandler):
    """As much of Prometheus' API as one query needs."""

    def do_GET(self) -> None:
        self.answer()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer()

    def answer(self) -> None:
        data: object = {}
        if "query_range" in self.path:
            values = [[1795377600 + 15 * row, str(row)] for row in range(5)]
            data = {"resultType": "matrix", "result": [{"metric": {"__name__": "up", "job": "a"}, "values": values}]}
        body = json.dumps({"status": "success", "data": data}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def test_a_server_is_asked() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Prometheus) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        lines = strain.fetch("up", url=url, start=1795377600, end=1795377660, step="15s", no_types=True)
        server.shutdown()
    grid = strain.grid(lines)
    assert list(grid.columns) == ['up{job="a"}'] and grid.iloc[:, 0].tolist() == [0, 1, 2, 3, 4]


def test_the_notebook_runs(tmp_path: Path) -> None:
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    notebooks = Path(__file__).parents[1] / "notebooks"
    book = nbformat.read(notebooks / "load-types.ipynb", as_version=4)
    nbclient.NotebookClient(book, timeout=300, resources={"metadata": {"path": str(notebooks)}}).execute()
    outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
    shown = json.dumps(outputs)
    assert shown.count("<iframe") == 2 and "carts gives first" in shown and "overload" in shown


def test_the_module_is_typed() -> None:
    source = Path(strain.__file__).parent
    assert (source / "py.typed").is_file()
    program = "import strain; reveal_type(strain.compare(1, 2).verdict); reveal_type(strain.grid(b''))"
    done = subprocess.run(["mypy", "--strict", "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and '"str"' in done.stdout and "DataFrame" in done.stdout, done.stdout + done.stderr
