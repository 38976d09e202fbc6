"""Runs the map on every shard, on Spark.

    spark-submit scale/spark.py SHARDS OUT

SHARDS is a file with a shard a line, OUT a folder that Spark can write (file:, hdfs:, s3a:); SETTINGS names the variables of the
environment that the map gets, MAP is its path where it is not the one beside this file. One task a shard, in the order
of the file: put the largest first. The JVM pipes the shard to the map itself, since a Python worker would cost each task a
quarter of a second, and Spark's committer keeps what one attempt of each task wrote, whichever attempts there were.
"""

import os
import sys
from pathlib import Path

from py4j.protocol import Py4JJavaError
from pyspark import SparkContext


def java_list(context, words):
    """A list of Java's."""
    made = context._jvm.java.util.ArrayList()
    for word in words:
        made.add(word)
    return made


def messages():
    """What the filters that failed have said last, by shard."""
    folder = Path(os.environ.get("SAID") or "/nowhere")
    files = sorted(folder.glob("*")) if folder.is_dir() else []
    return [f"{file.name}: {file.read_text().strip()}" for file in files]


def main():
    """Submits the one job."""
    shards, out = sys.argv[1:]
    program = os.environ.get("MAP") or str(Path(__file__).resolve().parent / "map")
    words = Path(shards).read_text().split("\n")
    words = [word for word in words if word]
    context = SparkContext(appName="strain")
    settings = context._jvm.java.util.HashMap()
    for name in os.environ.get("SETTINGS", "").split():
        if name in os.environ:
            settings.put(name, os.environ[name])
    try:
        rows = context._jsc.parallelize(java_list(context, words), len(words))
        rows.pipe(java_list(context, [program]), settings).saveAsTextFile(out)
    except Py4JJavaError as error:
        said = messages() or [str(error.java_exception).splitlines()[0]]
        print(*(f"scale/spark.py: {line}" for line in said), sep="\n", file=sys.stderr)
        sys.exit(1)
    finally:
        context.stop()


main()
