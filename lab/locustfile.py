"""The load: customers of the shop, one registered account each. Any other locustfile does as well (LOCUSTFILE=).

Phases, records and criteria are added by strainlab/load/plugin.py; alone, Locust's own -u, -r and -t hold.
"""

import random
import uuid

from locust import FastHttpUser, SequentialTaskSet, between, tag, task


class Journey(SequentialTaskSet):
    """Look around, log in, buy a pair of socks. Named requests, so that ids do not make series of their own."""

    def on_start(self):
        # Customers who come together do not walk in step: each begins at a step of its own.
        for _ in range(random.randrange(len(self.tasks))):
            self.get_next_task()

    @tag("browse")
    @task
    def index(self):
        self.client.get("/", name="/")

    @tag("browse")
    @task
    def catalogue(self):
        with self.client.get("/catalogue", name="/catalogue", catch_response=True) as answer:
            if answer.status_code == 200:
                self.user.socks = [sock["id"] for sock in answer.json()] or self.user.socks

    @tag("browse")
    @task
    def sock(self):
        self.user.sock = random.choice(self.user.socks)
        self.client.get(f"/catalogue/{self.user.sock}", name="/catalogue/[id]")

    @tag("account")
    @task
    def login(self):
        self.client.get("/login", auth=self.user.account, name="/login")

    @tag("cart")
    @task
    def empty_cart(self):
        self.client.delete("/cart", name="/cart")

    @tag("cart")
    @task
    def add_to_cart(self):
        self.client.post("/cart", json={"id": self.user.sock, "quantity": 1}, name="/cart")

    @tag("cart")
    @task
    def cart(self):
        self.client.get("/cart", name="/cart")

    @tag("order")
    @task
    def order(self):
        self.client.post("/orders", json={}, name="/orders")

    @tag("order")
    @task
    def orders(self):
        self.client.get("/orders", name="/orders")


class Customer(FastHttpUser):
    """Registers once: customers of one account would share one cart."""

    tasks = [Journey]
    wait_time = between(0.5, 1.5)
    connection_timeout = 10
    network_timeout = 10
    socks = ["1"]
    sock = "1"

    def on_start(self):
        name = f"u{uuid.uuid4().hex[:12]}"
        self.account = (name, "socks")
        account = {"username": name, "password": "socks", "email": f"{name}@example.com"}
        street = {"street": "High Street", "number": "1", "country": "UK", "city": "London", "postcode": "N1"}
        card = {"longNum": "4111111111111111", "expires": "12/30", "ccv": "123"}
        self.client.post("/register", json=account, name="/register")
        self.client.post("/addresses", json=street, name="/addresses")
        self.client.post("/cards", json=card, name="/cards")
