"""A module of Synapse that looks at each message before it is taken, as one that asks a service outside does.

That service is as slow as /tmp/slow-check says, in seconds."""

from pathlib import Path

from synapse.module_api import NOT_SPAM

SLOW = Path("/tmp/slow-check")


class Check:
    """Asked for each event by the process that makes it."""

    def __init__(self, config, api):
        self.api = api
        api.register_spam_checker_callbacks(check_event_for_spam=self.check)

    async def check(self, event):
        if SLOW.exists():
            await self.api.sleep(float(SLOW.read_text()))
        return NOT_SPAM
