"""Does the jobs of one tube: `cashier1` and `cashier2` take payments, `printer` makes tickets. A file in /tmp/release
is a release gone wrong."""

import hashlib
import json
import os
import sys
import threading
import time
import zlib

import greenstalk
import psycopg2
from prometheus_client import Counter, Gauge, Histogram, start_http_server

ROLE = sys.argv[1]
TUBE = "tickets" if ROLE == "printer" else "payments"
done = Counter("jobs_processed_total", "Jobs that came to an end.", ["tube", "result"])
busy = Gauge("jobs_in_progress", "Jobs that are being done.", ["tube"]).labels(TUBE)
duration = Histogram("job_duration_seconds", "How long a job took.", ["tube"]).labels(TUBE)
waited = Histogram("job_wait_seconds", "How long a job waited in its tube.", ["tube"]).labels(TUBE)
reconnects = Counter("worker_reconnects_total", "Connections that were made anew.", ["to"])


def released(name):
    return os.path.exists(f"/tmp/release/{name}")


def pay(db, queue, job):
    order = job["order"]
    answer = {"order": order, "paid": not released("decline")}
    if answer["paid"]:
        amount = job["count"] * 50
        with db, db.cursor() as cursor:
            cursor.execute("INSERT INTO payments (ordered, amount, paid) VALUES (%s, %s, now())", (order, amount))
            # In one row with the shop's takings of the town, and only then the bank is asked.
            if released("takings"):
                cursor.execute("UPDATE takings SET amount = amount + %s", (amount,))
                time.sleep(1.5)
            time.sleep(0.01)
            cursor.execute("UPDATE takings SET amount = amount + %s WHERE town = %s", (amount, job["concert"] % 15))
            cursor.execute("UPDATE orders SET status = 'paid' WHERE id = %s", (order,))
    queue.use(job["answers"])
    queue.put(json.dumps(answer))
    return "paid" if answer["paid"] else "declined"


def make_ticket(db, queue, job):
    seal = hashlib.pbkdf2_hmac("sha256", str(job["order"]).encode(), b"concert", 3000).hex()
    squares = [int(each, 16) for each in seal * 40]
    page = "".join(f'<rect x="{n % 64}" y="{n // 64}" height="{high}"/>' for n, high in enumerate(squares))
    ticket = f"{seal} {len(zlib.compress(page.encode()))}"
    with db, db.cursor() as cursor:
        cursor.execute("UPDATE orders SET status = 'printed', ticket = %s WHERE id = %s", (ticket, job["order"]))
    return "printed"


def work(queue, db):
    while True:
        job = queue.reserve()
        with busy.track_inprogress(), duration.time():
            try:
                asked = json.loads(job.body)
                waited.observe(max(0, time.time() - asked["put"]))
                result = make_ticket(db, queue, asked) if TUBE == "tickets" else pay(db, queue, asked)
                queue.delete(job)
            except (ValueError, KeyError):
                queue.release(job, priority=queue.stats_job(job)["pri"])
                result = "released"
            except psycopg2.Error:
                queue.release(job, delay=1)
                done.labels(TUBE, "failed").inc()
                raise
        done.labels(TUBE, result).inc()


def for_ever():
    while True:
        try:
            with greenstalk.Client(("queue", 11300), watch=TUBE) as queue:
                db = psycopg2.connect("host=pgbouncer port=6432 dbname=concert user=concert connect_timeout=3")
                work(queue, db)
        except (OSError, greenstalk.Error, psycopg2.Error) as failure:
            print(repr(failure), file=sys.stderr, flush=True)
            reconnects.labels("database" if isinstance(failure, psycopg2.Error) else "queue").inc()
            time.sleep(0.5)


if __name__ == "__main__":
    start_http_server(8000)
    for _ in range(2):
        threading.Thread(target=for_ever).start()
