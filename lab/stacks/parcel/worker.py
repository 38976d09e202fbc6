"""Takes bookings from the queue: prints a parcel's label, files it, and tells the API that waits. Settings are read
from etcd; when they change, it consumes anew with them."""

import base64
import hashlib
import json
import os
import threading
import time
import urllib.request

import pika
import pymysql
from prometheus_client import Counter, Gauge, Histogram, start_http_server

QUEUE = "bookings"
LEAKED = "/tmp/keep-labels-open"
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

TASKS = Counter("worker_tasks", "Bookings worked on, by outcome", ["outcome"])
IN_PROGRESS = Gauge("worker_tasks_in_progress", "Bookings being worked on")
DURATION = Histogram("worker_task_duration_seconds", "Time to work on a booking", buckets=BUCKETS)
STEP = Histogram("worker_step_duration_seconds", "Time of a step of the work", ["step"], buckets=BUCKETS)
DELAY = Histogram("worker_queue_delay_seconds", "Time from publishing to the start of work", buckets=BUCKETS)
REQUEUED = Counter("worker_messages_requeued", "Messages that could not be read and went back to the queue")
LAST = Gauge("worker_last_success_timestamp_seconds", "When a booking was last done")
PREFETCH = Gauge("worker_prefetch_count", "Messages taken at a time")
CONNECTS = Counter("worker_connects", "Connections made", ["to"])

settings = {"prefetch": 20, "settle": 0.0}


def read_settings() -> dict:
    asked = json.dumps({"key": base64.b64encode(b"/settings/workers").decode()}).encode()
    with urllib.request.urlopen("http://etcd:2379/v3/kv/range", asked, timeout=2) as answer:
        found = json.load(answer).get("kvs", [])
    return {"prefetch": 20, "settle": 0.0} | (json.loads(base64.b64decode(found[0]["value"])) if found else {})


def watch_settings() -> None:
    global settings
    while True:
        try:
            settings = read_settings()
        except OSError:
            pass
        time.sleep(1)


class Worker:
    def __init__(self) -> None:
        self.db = None
        self.kept = []

    def query(self, text: str, *values):
        if self.db is None:
            CONNECTS.labels("db").inc()
            self.db = pymysql.connect(
                host="db",
                user="parcel",
                password="parcel",
                database="parcel",
                connect_timeout=3,
                read_timeout=8,
                autocommit=False,
            )
        with self.db.cursor() as cursor:
            cursor.execute(text, values)
            return cursor.fetchall()

    def work(self, parcel: int) -> str:
        with STEP.labels("read").time():
            rows = self.query(
                "SELECT p.customer, p.grams, p.cents, a.town, b.town FROM parcels p "
                "JOIN offices a ON a.id = p.sender_office JOIN offices b ON b.id = p.receiver_office WHERE p.id = %s",
                parcel,
            )
        with STEP.labels("render").time():
            label = hashlib.pbkdf2_hmac("sha256", repr(rows).encode(), str(parcel).encode(), 15000).hex()
            if os.path.exists(LEAKED):
                self.kept += [open("/etc/parcel/label.txt") for _ in range(12)]
            with open("/etc/parcel/label.txt") as template:
                template.read()
        with STEP.labels("print").time():
            time.sleep(0.05)
        with STEP.labels("file").time():
            self.query("UPDATE parcels SET status = 'labelled', label = %s WHERE id = %s", label, parcel)
            for what in ("printed", "handed to the carrier"):
                self.query("INSERT INTO events (parcel, what, at) VALUES (%s, %s, NOW())", parcel, what)
            self.db.commit()
        return label

    def take(self, channel, method, properties, body) -> None:
        try:
            told = json.loads(body)
            parcel, published = told["parcel"], told["published"]
        except (ValueError, KeyError):
            REQUEUED.inc()
            channel.basic_nack(method.delivery_tag, requeue=True)
            return
        DELAY.observe(max(0.0, time.time() - published / 1000))
        with IN_PROGRESS.track_inprogress(), DURATION.time():
            try:
                answer = {"label": self.work(parcel)}
                TASKS.labels("done").inc()
                LAST.set_to_current_time()
            except (pymysql.MySQLError, OSError) as failure:
                TASKS.labels("failed").inc()
                answer = {"error": str(failure)[:200]}
                if isinstance(failure, pymysql.MySQLError):
                    self.db = None
            if settings["settle"]:
                with STEP.labels("settle").time():
                    time.sleep(settings["settle"])
            to = pika.BasicProperties(correlation_id=properties.correlation_id)
            channel.basic_publish("", properties.reply_to, json.dumps(answer).encode(), to)
            channel.basic_ack(method.delivery_tag)

    def consume(self) -> None:
        used = dict(settings)
        PREFETCH.set(used["prefetch"])
        CONNECTS.labels("queue").inc()
        connection = pika.BlockingConnection(
            pika.ConnectionParameters("queue", heartbeat=30, blocked_connection_timeout=60)
        )
        try:
            channel = connection.channel()
            channel.queue_declare(QUEUE, durable=True)
            channel.basic_qos(prefetch_count=used["prefetch"])
            channel.basic_consume(QUEUE, self.take)
            while settings == used:
                connection.process_data_events(time_limit=0.5)
        finally:
            if connection.is_open:
                connection.close()


def main() -> None:
    start_http_server(9000)
    threading.Thread(target=watch_settings, daemon=True).start()
    worker = Worker()
    while True:
        try:
            worker.consume()
        except (pika.exceptions.AMQPError, OSError) as failure:
            print("worker:", repr(failure), flush=True)
            time.sleep(1)


main()
