"""People, rooms and messages through Synapse's own interface."""

import hashlib
import hmac
import json
import random
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

HOME = "http://127.0.0.1:28008"
PEOPLE, ROOMS, MEMBERS, MESSAGES = 300, 24, 48, 45
WORDS = "river stone market engine garden winter copper bridge harbour letter mountain signal paper island".split()
random.seed(1)


def ask(method, path, token=None, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    try:
        with urllib.request.urlopen(urllib.request.Request(HOME + path, data, headers, method=method)) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as wrong:
        raise SystemExit(f"{method} {path}: {wrong.code} {wrong.read().decode()}") from None


def await_start():
    while True:
        try:
            return ask("GET", "/_matrix/client/versions")
        except OSError:
            time.sleep(0.5)


def register(name):
    """The token of a new person."""
    path = "/_synapse/admin/v1/register"
    nonce = ask("GET", path)["nonce"]
    proof = hmac.new(b"chat", "\0".join((nonce, name, "correct horse", "notadmin")).encode(), hashlib.sha1).hexdigest()
    shown = f"{random.choice(WORDS).title()} {random.choice(WORDS).title()}"
    person = {"nonce": nonce, "username": name, "password": "correct horse", "displayname": shown, "mac": proof}
    return ask("POST", path, body=person)["access_token"]


def sentence():
    return " ".join(random.choices(WORDS, k=random.randint(4, 20)))


def fill(at, tokens, members):
    """A room with an alias, its members and what they said."""
    first = tokens[members[0]]
    alias = "lobby" if at == 0 else f"room{at}"
    made = {"preset": "public_chat", "room_alias_name": alias, "name": alias.title(), "topic": sentence()}
    room = quote(ask("POST", "/_matrix/client/v3/createRoom", first, made)["room_id"])
    for name in members[1:]:
        ask("POST", f"/_matrix/client/v3/rooms/{room}/join", tokens[name], {})
    for number in range(MESSAGES):
        path = f"/_matrix/client/v3/rooms/{room}/send/m.room.message/{number}"
        ask("PUT", path, tokens[random.choice(members)], {"msgtype": "m.text", "body": sentence()})


def main():
    await_start()
    names = [f"person{number}" for number in range(1, PEOPLE + 1)]
    with ThreadPoolExecutor(4) as pool:
        tokens = dict(zip(names + ["bot"], pool.map(register, names + ["bot"])))
        rooms = [(0, tokens, names + ["bot"])]
        # Each person is in one room of every quarter of them.
        for part in range(4):
            mixed = random.sample(names, PEOPLE)
            for at in range(ROOMS // 4):
                rooms.append((1 + part * ROOMS // 4 + at, tokens, mixed[at * 50 : at * 50 + MEMBERS] + ["bot"]))
        list(pool.map(lambda room: fill(*room), rooms))


main()
