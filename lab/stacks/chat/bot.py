"""A bot that throws dice for who asks: whoever says !roll in a room gets an answer there."""

import asyncio
import random

from nio import AsyncClient, RoomMessageText


async def main():
    client = AsyncClient("http://caddy", "@bot:chat")
    client.access_token, client.user_id = "token-bot", "@bot:chat"

    async def answer(room, message):
        if message.body.startswith("!roll"):
            thrown = {"msgtype": "m.notice", "body": f"{message.sender} has thrown {random.randint(1, 6)}"}
            await client.room_send(room.room_id, "m.room.message", thrown)

    while True:
        # What was said before it came is nobody's question now.
        await client.sync(timeout=0, sync_filter={"room": {"timeline": {"limit": 0}}})
        if client.next_batch:
            break
        await asyncio.sleep(1)
    client.add_event_callback(answer, RoomMessageText)
    while True:
        try:
            await client.sync_forever(timeout=10000, set_presence="offline")
        except Exception as wrong:
            print(f"bot: {wrong!r}", flush=True)
            await asyncio.sleep(1)


asyncio.run(main())
