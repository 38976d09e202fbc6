"""Takes all connections that the database has to give, and keeps them."""

import time

import pymysql

kept = []
while True:
    try:
        kept.append(pymysql.connect(host="127.0.0.1", user="parcel", password="parcel"))
    except pymysql.MySQLError:
        time.sleep(0.002)
