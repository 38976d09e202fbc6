"""Runs the map on every shard, on Spark.

    spark-submit scale/spark.py SHARDS OUT

SHARDS is a file with one shard per line, OUT a folder that Spark can write (file:, hdfs:, s3a:); SETTINGS names the
variables of the environment that the map gets, MAP is its path where it is not the one beside this file. One task a
shard, in the order of the file: put the largest first. The JVM pipes the shard to the map itself, since a Python worker
would cost each task a quarter of a second, and Spark's committer keeps what one attempt of each task wrote, whichever
attempts there were.

Where SAID is a folder, filters that fail leave their messages there, and what Spark says joins them; scale/run prints
them. spark-submit copies what Python prints, and may end before it has.
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


def words(error):
    """The first line of what an exception says; Java is asked for its own, and may be gone."""
    try:
        text = str(error.java_exception if isinstance(error, Py4JJavaError) else error)
    except Exception:
        text = ""
    return text.strip().split("\n")[0] or type(error).__name__


def say(error):
    """Leaves the message in SAID, if there is such a folder and no filter has said why; else prints it."""
    said = Path(os.environ.get("SAID") or "/nowhere")
    if not said.is_dir():
        print(f"scale/spark.py: {words(error)}", file=sys.stderr)
    elif not any(said.glob("[!.]*")):
        (said / "spark").write_text(f"{words(error)}\n")


def submit(context, shards, program, out):
    """One task a shard."""
    settings = context._jvm.java.util.HashMap()
    for name in os.environ.get("SETTINGS", "").split():
        if name in os.environ:
            settings.put(name, os.environ[name])
    rows = context._jsc.parallelize(java_list(context, shards), len(shards))
    rows.pipe(java_list(context, [program]), settings).saveAsTextFile(out)


def main():
    """Submits the one job."""
    shards, out = sys.argv[1:]
    program = os.environ.get("MAP") or str(Path(__file__).resolve().parent / "map")
    context = None
    try:
        context = SparkContext(appName="strain")
        submit(context, [line for line in Path(shards).read_text().split("\n") if line], program, out)
    except Exception as error:
        say(error)
        sys.exit(1)
    finally:
        if context:
            context.stop()


main()
