"""Finds tickets by words, in the database's replica. A file in /tmp/features switches on what a release brought."""

import difflib
import os
import threading

import psycopg2
from flask import Flask, jsonify, request
from prometheus_flask_exporter import PrometheusMetrics

app = Flask(__name__)
PrometheusMetrics(app, group_by="url_rule")
of_thread = threading.local()
REPLICA = "host=replica user=desk dbname=desk connect_timeout=3 options='-c statement_timeout=4000'"
TEXT = """SELECT id, subject, ts_rank(words, asked) AS rank FROM tickets, plainto_tsquery('simple', %s) asked
    WHERE words @@ asked ORDER BY rank DESC, id DESC LIMIT 20"""


def query(text, *values):
    try:
        if getattr(of_thread, "db", None) is None:
            of_thread.db = psycopg2.connect(REPLICA)
            of_thread.db.autocommit = True
        with of_thread.db.cursor() as cursor:
            cursor.execute(text, values)
            return cursor.fetchall()
    except psycopg2.Error:
        of_thread.db = None
        raise


@app.errorhandler(psycopg2.Error)
def unavailable(failure):
    return {"error": str(failure)[:200]}, 503


@app.get("/health")
def health():
    return {}


@app.get("/search")
def search():
    words = request.args["words"]
    found = query(TEXT, words)
    if os.path.exists("/tmp/features/similar"):
        found.sort(key=lambda each: -difflib.SequenceMatcher(None, words * 8, each[1] * 4, autojunk=False).ratio())
    return jsonify([{"id": each[0], "subject": each[1]} for each in found])
