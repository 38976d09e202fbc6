"""Customers of the parcel service. Each logs in, looks for offices and prices, follows parcels, looks at their own, and
books one, which is answered when a worker has printed its label."""

import random

import gevent
from locust import FastHttpUser, between, task

CUSTOMERS, OFFICES, TOWNS, PARCELS = 6000, 2000, 150, 240000


class Customer(FastHttpUser):
    wait_time = between(1.5, 4.5)
    connection_timeout = 5
    network_timeout = 10

    def on_start(self):
        self.token, self.mine = "", []
        # As if they had been here before: so many come at once that they would walk in step.
        gevent.sleep(random.uniform(0, 4))

    def ask(self, method, path, name, body=None, params=None):
        """The answer as read; a failure where there is none, or not the one expected."""
        headers = {"Authorization": f"Bearer {self.token}"}
        with self.client.request(
            method, path, name=name, params=params, json=body, headers=headers, catch_response=True
        ) as answer:
            if answer.status_code != 200:
                answer.failure(f"{answer.status_code}: {(answer.text or '')[:80]}")
                return None
            return answer.json()

    def logged_in(self):
        if not self.token:
            who = random.randint(1, CUSTOMERS)
            told = self.ask("POST", "/login", "/login", params={"customer": str(who)})
            self.token = told["token"] if told else ""
        return bool(self.token)

    def office(self):
        return random.randint(1, OFFICES)

    @task(5)
    def look_for_offices(self):
        if self.logged_in():
            self.ask("GET", "/offices", "/offices", params={"town": f"Town {random.randrange(TOWNS)}"})

    @task(6)
    def ask_for_a_price(self):
        if self.logged_in():
            asked = {"from": self.office(), "to": self.office(), "grams": random.randint(200, 25000)}
            self.ask("GET", "/quote", "/quote", params={name: str(value) for name, value in asked.items()})

    @task(6)
    def follow(self):
        if self.logged_in():
            which = random.choice(self.mine) if self.mine and random.random() < 0.5 else random.randint(1, PARCELS)
            self.ask("GET", f"/parcels/{which}", "/parcels/{id}")

    @task(5)
    def look_at_mine(self):
        if self.logged_in():
            found = self.ask("GET", "/parcels", "/parcels")
            self.mine = [each["id"] for each in found or []]

    @task(5)
    def book(self):
        if self.logged_in():
            body = {"from": self.office(), "to": self.office(), "grams": random.randint(200, 25000)}
            told = self.ask("POST", "/parcels", "/parcels book", body)
            if told:
                self.mine.append(told["id"])

    @task(1)
    def come_back(self):
        self.token, self.mine = "", []
        self.logged_in()
