"""Takes all connections that the database has to give, and keeps them."""

import time

import pymysql

kept = []
while True:
    try:
        kept.append(pymysql.connect(host="db", user="parcel", password="parcel"))
    except pymysql.MySQLError:
        time.sleep(0.02)
