"""People of the chat server. Each comes with a token of an earlier visit, looks again and again what is new, writes,
looks back, opens rooms, looks for others between. Nobody waits for news: an answer's time is the server's alone."""

import random
from urllib.parse import quote

import gevent
from locust import FastHttpUser, between, task

PEOPLE = 300
CLIENT = "/_matrix/client/v3"
WORDS = "river stone market engine garden winter copper bridge harbour letter mountain signal paper island".split()
NEWS = '{"presence":{"types":[]},"room":{"timeline":{"limit":20},"state":{"lazy_load_members":true}}}'
NOTHING = '{"presence":{"types":[]},"account_data":{"types":[]},"room":{"rooms":[]}}'


def arrive() -> None:
    """Part of a wait, as if they had been here before: so many come at once that they would walk in step."""
    gevent.sleep(random.uniform(0, 8))


class Person(FastHttpUser):
    """One of the people seeded; more users than people are the same people on another device."""

    wait_time = between(5, 13)
    connection_timeout = 5
    network_timeout = 10

    def on_start(self):
        self.who = random.randint(1, PEOPLE)
        self.name = f"@person{self.who}:chat"
        self.sent = 0
        self.since, self.rooms, self.newest = "", [], {}
        arrive()

    def ask(self, method, path, name, body=None, params=None):
        """The answer as read; a failure where there is none, or not the one expected."""
        headers = {"Authorization": f"Bearer token-person{self.who}"}
        with self.client.request(
            method, CLIENT + path, name=name, params=params, json=body, headers=headers, catch_response=True
        ) as answer:
            try:
                told = answer.json()
            except (ValueError, TypeError):
                told = None
            if answer.status_code != 200 or not isinstance(told, (dict, list)):
                answer.failure(f"{answer.status_code}: {(answer.text or '')[:80]}")
                return {}
            return told

    def known(self):
        """Whether they know where they are: their rooms, and since when they look for news."""
        if not self.rooms:
            self.rooms = self.ask("GET", "/joined_rooms", "/joined_rooms").get("joined_rooms", [])
        if not self.since:
            told = self.ask("GET", "/sync", "/sync first", params={"timeout": "0", "filter": NOTHING})
            self.since = told.get("next_batch", "")
        return bool(self.rooms and self.since)

    def room(self):
        return random.choice(self.rooms)

    @task(10)
    def look(self):
        if not self.known():
            return
        asked = {"timeout": "0", "filter": NEWS, "since": self.since, "set_presence": "offline"}
        told = self.ask("GET", "/sync", "/sync", params=asked)
        self.since = told.get("next_batch", self.since)
        for room, news in told.get("rooms", {}).get("join", {}).items():
            said = news["timeline"]["events"]
            if said:
                self.newest[room] = said[-1]["event_id"]
        if self.newest and random.random() < 0.3:
            room, event = self.newest.popitem()
            self.ask("POST", f"/rooms/{quote(room)}/receipt/m.read/{quote(event)}", "/receipt", {})

    @task(4)
    def write(self):
        if not self.known():
            return
        room = quote(self.room())
        self.ask("PUT", f"/rooms/{room}/typing/{quote(self.name)}", "/typing", {"typing": True, "timeout": 10000})
        gevent.sleep(random.uniform(0.5, 1.5))
        self.sent += 1
        text = "!roll" if random.random() < 0.1 else " ".join(random.choices(WORDS, k=random.randint(4, 20)))
        path = f"/rooms/{room}/send/m.room.message/{id(self)}-{random.random()}-{self.sent}"
        self.ask("PUT", path, "/send", {"msgtype": "m.text", "body": text})

    @task(2)
    def look_back(self):
        if self.known():
            asked = {"dir": "b", "limit": "30"}
            self.ask("GET", f"/rooms/{quote(self.room())}/messages", "/messages", params=asked)

    @task(1)
    def open_room(self):
        if self.known():
            room = quote(self.room())
            self.ask("GET", f"/rooms/{room}/state", "/state")
            self.ask("GET", f"/rooms/{room}/members", "/members", params={"membership": "join"})

    @task(2)
    def look_for_somebody(self):
        asked = {"search_term": random.choice(WORDS), "limit": 10}
        self.ask("POST", "/user_directory/search", "/user_directory", asked)

    @task(1)
    def look_at_somebody(self):
        self.ask("GET", f"/profile/@person{random.randint(1, PEOPLE)}:chat", "/profile")
