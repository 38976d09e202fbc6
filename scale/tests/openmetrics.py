"""Series lines as OpenMetrics text without types: `openmetrics.py FILE… > samples.om`, for promtool's blocks."""

import gzip
import json
import sys

ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})

out = sys.stdout
for path in sys.argv[1:]:
    for line in gzip.open(path, "rt"):
        series = json.loads(line)
        labels = dict(series["metric"])
        name = labels.pop("__name__")
        text = ",".join(f'{key}="{value.translate(ESCAPES)}"' for key, value in labels.items())
        for value, time in zip(series["values"], series["timestamps"]):
            if value is not None:
                out.write(f"{name}{{{text}}} {value!r} {time / 1000:.3f}\n")
out.write("# EOF\n")
