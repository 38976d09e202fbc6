"""Agents of the ticket desk. Each logs in, looks at the dashboard and at their own tickets, reads some, comments, opens
new ones, finds old ones by words, and looks up people."""

import random

import gevent
from locust import FastHttpUser, between, task

PEOPLE, TICKETS = 20000, 120000


def words(count):
    # Some words are far more frequent than others.
    return " ".join(f"word{int(random.random() * random.random() * 600)}" for _ in range(count))


class Agent(FastHttpUser):
    wait_time = between(1.5, 4.5)
    connection_timeout = 5
    network_timeout = 10

    def on_start(self):
        self.token, self.mine = "", []
        # As if they had been here before: so many come at once that they would walk in step.
        gevent.sleep(random.uniform(0, 4))

    def ask(self, method, path, name, params=None):
        """The answer as read; a failure where there is none, or not the one expected."""
        headers = {"Authorization": self.token}
        with self.client.request(
            method, path, name=name, params=params, headers=headers, catch_response=True
        ) as answer:
            if answer.status_code == 200:
                return answer.json()
            answer.failure(f"{answer.status_code}: {(answer.text or '')[:80]}")
            if answer.status_code == 401:
                self.token = ""
            return None

    def logged_in(self):
        if not self.token:
            told = self.ask("POST", "/login", "/login", {"uid": self.somebody(), "password": "desk"})
            self.token = told["token"] if told else ""
        return bool(self.token)

    def somebody(self):
        return f"p{random.randint(1, PEOPLE)}"

    def one(self):
        return random.choice(self.mine) if self.mine and random.random() < 0.5 else random.randint(1, TICKETS)

    @task(3)
    def look_at_the_dashboard(self):
        if self.logged_in():
            self.ask("GET", "/dashboard", "/dashboard")

    @task(5)
    def look_at_mine(self):
        if self.logged_in():
            found = self.ask("GET", "/tickets", "/tickets")
            self.mine = [each["id"] for each in found or []]

    @task(7)
    def read(self):
        if self.logged_in():
            self.ask("GET", f"/tickets/{self.one()}", "/tickets/{id}")

    @task(4)
    def comment(self):
        if self.logged_in():
            self.ask("POST", f"/tickets/{self.one()}/comments", "/tickets/{id}/comments", {"body": words(30)})

    @task(2)
    def open(self):
        if self.logged_in():
            self.ask("POST", "/tickets", "/tickets open", {"subject": words(12)})

    @task(5)
    def find(self):
        if self.logged_in():
            self.ask("GET", "/search", "/search", {"words": words(2)})

    @task(4)
    def look_up_somebody(self):
        if self.logged_in():
            self.ask("GET", f"/people/{self.somebody()}", "/people/{uid}")

    @task(2)
    def come_back(self):
        self.token, self.mine = "", []
        self.logged_in()
