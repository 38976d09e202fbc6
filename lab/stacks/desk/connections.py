"""Takes all connections that the database has to give, and keeps them."""

import time

import psycopg2

kept = []
while True:
    try:
        kept.append(psycopg2.connect("host=/run/postgresql user=desk dbname=desk"))
    except psycopg2.OperationalError:
        time.sleep(0.005)
