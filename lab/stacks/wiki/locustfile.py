"""Readers and editors of the wiki. Readers have no session, so varnish may answer them; editors are logged in."""

import random
from http.cookiejar import Cookie
from typing import ClassVar

import gevent
from locust import FastHttpUser, between, task

INDEX = "/mediawiki/index.php"
API = "/mediawiki/api.php"
PAGES = 400
EDITORS = 8
PASSWORD = "correct horse"
WORDS = "river stone market engine garden winter copper bridge harbour letter mountain signal paper island".split()


def article() -> str:
    """A few are read often, most seldom."""
    return f"Article_{1 + int(PAGES * random.random() ** 2)}"


def arrive() -> None:
    """Part of a wait, as if the visitor had been here before: so many come at once that they would walk in step."""
    gevent.sleep(random.uniform(0, 20))


class Visitor(FastHttpUser):
    """Anybody: reads for a while before the next step."""

    abstract = True
    wait_time = between(10, 30)
    connection_timeout = 5
    network_timeout = 10

    def read(self, name: str) -> None:
        with self.client.get(f"{INDEX}/{article()}", name=name, catch_response=True) as answer:
            if answer.status_code == 200 and "</html>" not in (answer.text or ""):
                answer.failure("a page cut short")

    def search(self, name: str) -> None:
        words = f"{random.choice(WORDS)} {random.choice(WORDS)}"
        self.client.get(INDEX, params={"search": words, "fulltext": "1", "ns0": "1"}, name=name)


class Reader(Visitor):
    weight = 8

    def on_start(self):
        arrive()

    @task(12)
    def read_page(self):
        self.read("/[page]")

    @task(1)
    def search_words(self):
        self.search("/search")


class Editor(Visitor):
    """Comes with the session of an earlier visit, if there was one, and logs in anew once in a while."""

    sessions: ClassVar[dict[str, list[Cookie]]] = {}

    weight = 2

    def on_start(self):
        self.name = f"Editor{random.randint(1, EDITORS)}"
        if self.name not in self.sessions:
            self.sessions[self.name] = []
            self.log_in()
            self.sessions[self.name] = list(self.client.cookiejar)
        for cookie in self.sessions[self.name]:
            self.client.cookiejar.set_cookie(cookie)
        arrive()

    def token(self, kind: str) -> str:
        query = {"action": "query", "meta": "tokens", "type": kind, "format": "json"}
        with self.client.get(API, params=query, name="/api/token", catch_response=True) as answer:
            try:
                return answer.json()["query"]["tokens"][f"{kind}token"]
            except (ValueError, KeyError, TypeError):
                answer.failure("no token")
                return ""

    def post(self, name: str, done: str, data: dict[str, str]) -> None:
        with self.client.post(API, data=data | {"format": "json"}, name=name, catch_response=True) as answer:
            try:
                action = answer.json().get(data["action"], {})
                if action.get("status", action.get("result")) != done:
                    answer.failure(f"not done: {(answer.text or '')[:80]}")
            except (ValueError, AttributeError, TypeError):
                answer.failure("not an answer")

    def log_in(self):
        data = {"action": "clientlogin", "username": self.name, "password": PASSWORD, "rememberMe": "1"}
        data |= {"loginreturnurl": "http://wiki/", "logintoken": self.token("login")}
        self.post("/api/login", "PASS", data)

    @task(10)
    def read_page(self):
        self.read("/[page] logged in")

    @task(2)
    def history(self):
        self.client.get(INDEX, params={"title": article(), "action": "history"}, name="/history")

    @task(1)
    def recent_changes(self):
        self.client.get(f"{INDEX}/Special:RecentChanges", name="/recent changes")

    @task(2)
    def search_words(self):
        self.search("/search logged in")

    @task(5)
    def edit(self):
        title = article()
        self.client.get(INDEX, params={"title": title, "action": "edit"}, name="/edit form")
        text = f"\n{random.choice(WORDS)} {random.choice(WORDS)} [[{article()}]]"
        data = {"action": "edit", "title": title, "appendtext": text, "token": self.token("csrf")}
        self.post("/api/edit", "Success", data)

    @task(1)
    def log_in_again(self):
        self.client.cookiejar.clear()
        self.log_in()
