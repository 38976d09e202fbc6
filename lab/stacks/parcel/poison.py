"""A batch of messages that no worker can read, as a client of an older release sends them. Each lasts for three
seconds, so that none outlasts who sends them."""

import pika

connection = pika.BlockingConnection(pika.ConnectionParameters("localhost"))
channel = connection.channel()
while True:
    for _ in range(60):
        body = b"<booking>" + b"x" * 4000
        channel.basic_publish("", "bookings", body, pika.BasicProperties(expiration="3000", delivery_mode=2))
    connection.sleep(3)
