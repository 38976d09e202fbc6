"""People who buy tickets for concerts. Each looks for what is on in a town, at some concert or other, buys seats and
waits for the ticket, and looks at what was ordered before."""

import random
import time
from types import SimpleNamespace

from locust import FastHttpUser, between, task


class Customer(FastHttpUser):
    wait_time = between(1, 4)
    connection_timeout, network_timeout = 5, 12

    def on_start(self):
        self.number = random.randrange(30000)
        # Not all in the same moment.
        time.sleep(random.random() * 3)

    def fetch(self, path, name, **words):
        with self.client.request("POST" if words else "GET", path, name=name, catch_response=True, **words) as answer:
            if answer.status_code != 200:
                answer.failure(f"{answer.status_code}: {(answer.text or '')[:60]}")
                return None
            return answer.json()

    @task(5)
    def what_is_on(self):
        self.fetch(f"/concerts?town={random.randrange(15)}", "/concerts")

    @task(6)
    def look_at_one(self):
        self.fetch(f"/concerts/{random.randint(1, 300)}", "/concerts/{id}")

    @task(3)
    def what_did_i_order(self):
        self.fetch(f"/customers/{self.number}/orders", "/customers/{id}/orders")

    @task(4)
    def buy(self):
        wish = {"customer": self.number, "concert": random.randint(1, 300), "count": random.randint(1, 4)}
        bought = self.fetch("/orders", "/orders", data=wish)
        if bought and "id" in bought:
            self.wait_for_ticket(bought["id"])

    def wait_for_ticket(self, order):
        """A ticket that is not there after five seconds counts as a failure, with the whole time."""
        begun, pause, status, failure = time.time(), 0.1, None, None
        while status != "printed":
            if time.time() > begun + 5:
                failure = TimeoutError("no ticket")
                break
            time.sleep(pause)
            pause *= 2
            found = self.fetch(f"/orders/{order}", "/orders/{id}")
            status = found["status"] if found else "unknown"
        self.environment.events.request.fire(
            request_type="WAIT",
            name="ticket",
            response_time=(time.time() - begun) * 1000,
            response_length=0,
            response=SimpleNamespace(status_code=504 if failure else 200),
            exception=failure,
            context={},
        )
