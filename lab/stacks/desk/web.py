"""The desk itself, an instance. People are in the directory; who has logged in, and what was read lately, in Redis;
tickets in the database, and found by the search service. A file in /tmp/features switches on what a release brought."""

import asyncio
import json
import os
import secrets
import time
from contextlib import asynccontextmanager

import asyncpg
import httpx
import ldap3
import redis.asyncio
import uvicorn
from fastapi import Depends, FastAPI, Header, HTTPException
from fastapi.responses import JSONResponse
from prometheus_fastapi_instrumentator import Instrumentator

DATABASE, REDIS = "postgresql://desk@db/desk", "redis://redis?socket_timeout=5&socket_connect_timeout=2"
parts, forgotten, history = {}, [], []
directory = ldap3.Server("ldap", get_info=ldap3.NONE, connect_timeout=3)


def has(feature: str) -> bool:
    return os.path.exists(f"/tmp/features/{feature}")


@asynccontextmanager
async def lifespan(_):
    parts["db"] = await asyncpg.create_pool(DATABASE, min_size=2, max_size=10, command_timeout=8)
    parts["redis"] = redis.asyncio.Redis.from_url(REDIS, decode_responses=True)
    parts["search"] = httpx.AsyncClient(base_url="http://search:8000", timeout=5)
    yield


app = FastAPI(lifespan=lifespan)
Instrumentator(should_instrument_requests_inprogress=True, inprogress_labels=True).instrument(app).expose(app)


@app.exception_handler(OSError)
@app.exception_handler(asyncpg.PostgresError)
@app.exception_handler(asyncpg.InterfaceError)
@app.exception_handler(redis.RedisError)
@app.exception_handler(httpx.HTTPError)
@app.exception_handler(ldap3.core.exceptions.LDAPException)
async def unavailable(_, failure):
    return JSONResponse({"detail": repr(failure)[:200]}, 503)


async def query(text: str, *values):
    async with parts["db"].acquire(timeout=3) as db:
        return [dict(row) for row in await db.fetch(text, *values)]


def ask(uid: str, password: str | None = None):
    """Somebody's entry in the directory; none if there is no such person, or that is not their password."""
    with ldap3.Connection(directory, receive_timeout=5, auto_bind=True) as known:
        known.search("ou=people,dc=desk", f"(uid={uid})", attributes=["cn", "mail", "departmentNumber"])
        if not known.entries:
            return None
        entry = known.entries[0]
        if password is not None and not known.rebind(entry.entry_dn, password):
            return None
        return {"uid": uid, "name": str(entry.cn), "mail": str(entry.mail)}


async def cached(key: str, seconds: int, make):
    found = await parts["redis"].get(key)
    if found is None:
        found = json.dumps(await make(), default=str)
        await parts["redis"].set(key, found, ex=seconds)
    return json.loads(found)


async def agent(authorization: str = Header("")) -> int:
    found = await parts["redis"].get("session:" + authorization)
    if found is None:
        raise HTTPException(401, "not logged in")
    if has("history"):
        history.extend({"agent": found, "at": time.time() + each} for each in range(4000))
        len([each for each in history if each["at"] < 0])
    return int(found)


@app.get("/health")
async def health():
    return {}


@app.post("/login")
async def login(uid: str, password: str):
    if await asyncio.to_thread(ask, uid, password) is None:
        raise HTTPException(403, "who?")
    token = secrets.token_hex(16)
    await parts["redis"].set("session:" + token, uid[1:], ex=3600)
    return {"token": token}


@app.get("/people/{uid}")
async def person(uid: str, _: int = Depends(agent)):
    return await asyncio.to_thread(ask, uid)


@app.get("/dashboard")
async def dashboard(_: int = Depends(agent)):
    text = "SELECT status, count(*) FROM (SELECT status FROM tickets ORDER BY opened DESC LIMIT 2000) newest GROUP BY 1"
    return await cached("dashboard", 2, lambda: query(text))


@app.get("/tickets")
async def mine(who: int = Depends(agent)):
    text = """SELECT id, subject, updated FROM tickets WHERE agent = $1 AND status = 'open'
        ORDER BY updated DESC LIMIT 30"""
    return await query(text, who % 600 + 1)


@app.get("/tickets/{number}")
async def ticket(number: int, who: int = Depends(agent)):
    if has("avatars"):
        # What fetches them knows nothing of others that wait.
        time.sleep(0.2)
    if has("forget"):
        forgotten.append(await parts["db"].acquire(timeout=3))

    async def read():
        found = await query("SELECT id, agent, customer, status, subject, updated FROM tickets WHERE id = $1", number)
        return found + await query("SELECT author, body, at FROM comments WHERE ticket = $1 ORDER BY at", number)

    await parts["redis"].set(f"seen:{who}", number)
    return await cached(f"ticket:{number}", 60, read)


@app.post("/tickets")
async def open_ticket(subject: str, who: int = Depends(agent)):
    text = """INSERT INTO tickets (agent, customer, status, subject, words, opened, updated)
        VALUES ($1, $2, 'waiting', $3, to_tsvector('simple', $3), now(), now()) RETURNING id"""
    return (await query(text, who % 600 + 1, who, subject))[0]


@app.post("/tickets/{number}/comments")
async def comment(number: int, body: str, who: int = Depends(agent)):
    await query("INSERT INTO comments (ticket, author, body, at) VALUES ($1, $2, $3, now())", number, f"p{who}", body)
    await query("UPDATE tickets SET updated = now() WHERE id = $1", number)
    await parts["redis"].delete(f"ticket:{number}")
    return {}


@app.get("/search")
async def find(words: str, _: int = Depends(agent)):
    answer = await parts["search"].get("/search", params={"words": words})
    answer.raise_for_status()
    return answer.json()


if __name__ == "__main__":
    uvicorn.run(app, host="0.0.0.0", port=8000, access_log=False, log_level="warning")
