"""What a bot does that answers itself, in the lobby: eight at a time, each as soon as its last answer was taken."""

import itertools
import json
import threading
import urllib.request

HOME = "http://caddy/_matrix/client/v3"
HEADERS = {"Authorization": "Bearer token-bot", "Content-Type": "application/json"}


def ask(method, path, body=None):
    request = urllib.request.Request(HOME + path, json.dumps(body).encode() if body else None, HEADERS, method=method)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def flood(room, at):
    for number in itertools.count():
        try:
            text = {"msgtype": "m.text", "body": "I did not understand that. Say !roll to throw dice."}
            ask("PUT", f"/rooms/{room}/send/m.room.message/flood-{threading.get_ident()}-{at}-{number}", text)
        except OSError:
            pass


room = ask("GET", "/directory/room/%23lobby:chat")["room_id"]
for at in range(8):
    threading.Thread(target=flood, args=(room, at)).start()
