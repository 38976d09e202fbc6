"""A page that shows free seats as they change, opened by twenty people and closed by nobody."""

import threading

import grpc
import seats_pb2
import seats_pb2_grpc


def look(concert):
    seats = seats_pb2_grpc.SeatsStub(grpc.insecure_channel("localhost:50051"))
    for _ in seats.Watch(seats_pb2.Concerts(ids=[concert])):
        pass


for each in range(1, 21):
    threading.Thread(target=look, args=(each,)).start()
