"""What is done to the tube of payments: `poison` puts jobs in that nobody can read, before all others, and `clean`
takes them out; `pause` hands none out for an hour, `resume` hands them out again."""

import sys
import time

import greenstalk

BAD = "payment: <none>"

with greenstalk.Client(("localhost", 11300), use="payments", watch="payments") as queue:
    if sys.argv[1] == "pause":
        queue.pause_tube("payments", 3600)
    elif sys.argv[1] == "resume":
        queue.pause_tube("payments", 0)
    elif sys.argv[1] == "poison":
        for _ in range(100):
            queue.put(BAD, priority=0)
        time.sleep(3600)
    else:
        # A worker may hold one for a moment.
        end = time.monotonic() + 2
        while time.monotonic() < end:
            try:
                job = queue.reserve(timeout=0)
            except greenstalk.TimedOutError:
                time.sleep(0.01)
                continue
            if job.body == BAD:
                queue.delete(job)
            else:
                queue.release(job, priority=100)
                time.sleep(0.01)
