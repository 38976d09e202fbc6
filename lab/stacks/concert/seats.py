"""Who sits where: counts free seats and holds them, asked by gRPC. A file in /tmp/release is a release gone wrong."""

import os
import threading
import time
from concurrent import futures

import grpc
import psycopg2
import seats_pb2
import seats_pb2_grpc
from prometheus_client import Gauge, start_http_server
from py_grpc_prometheus.prometheus_server_interceptor import PromServerInterceptor

THREADS = 8
COUNT = "SELECT concert, count(*) FROM seats WHERE NOT held AND concert = ANY(%s) GROUP BY concert"
HOLD = """UPDATE seats SET held = true WHERE concert = %s AND number IN (SELECT number FROM seats
    WHERE concert = %s AND NOT held LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING number"""
of_thread = threading.local()
audited = threading.Lock()
busy = Gauge("seats_busy_threads", "Threads that answer a call.")
Gauge("seats_max_threads", "Threads there are for calls.").set(THREADS)


def query(text, *values):
    if getattr(of_thread, "db", None) is None:
        of_thread.db = psycopg2.connect("host=pgbouncer port=6432 dbname=concert user=concert connect_timeout=3")
        of_thread.db.autocommit = True
    try:
        with of_thread.db.cursor() as cursor:
            cursor.execute(text, values)
            return cursor.fetchall()
    except psycopg2.OperationalError:
        of_thread.db = None
        raise


def audit(what):
    """Each call in a log that is safe on the disk, one after the other."""
    if os.path.exists("/tmp/release/audit"):
        with audited, open("/tmp/audit.log", "a") as log:
            for each in range(20):
                log.write(f"{time.time()} {each} {what}\n")
                log.flush()
                os.fsync(log.fileno())
                time.sleep(0.003)


class Seats(seats_pb2_grpc.SeatsServicer):
    def Free(self, asked, context):
        with busy.track_inprogress():
            audit(asked)
            return seats_pb2.Counts(free=dict(query(COUNT, list(asked.ids))))

    def Hold(self, wish, context):
        with busy.track_inprogress():
            audit(wish)
            found = query(HOLD, wish.concert, wish.concert, wish.count)
            return seats_pb2.Held(seats=[each for (each,) in found])

    def Watch(self, asked, context):
        """Counts again each second, for as long as somebody looks at them."""
        with busy.track_inprogress():
            while context.is_active():
                yield seats_pb2.Counts(free=dict(query(COUNT, list(asked.ids))))
                time.sleep(1)


if __name__ == "__main__":
    start_http_server(8000)
    interceptor = PromServerInterceptor(enable_handling_time_histogram=True)
    server = grpc.server(futures.ThreadPoolExecutor(THREADS), interceptors=[interceptor])
    seats_pb2_grpc.add_SeatsServicer_to_server(Seats(), server)
    server.add_insecure_port("0.0.0.0:50051")
    server.start()
    server.wait_for_termination()
