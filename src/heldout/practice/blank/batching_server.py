"""Latencies behind a server that works in batches."""

from random import Random

from heldout.practice.blank.task import Case, Slip, Task, Trace
from heldout.practice.drill import Family
from heldout.practice.point import Point, Probe

__all__ = ["TASK"]

REFERENCE = """
def latencies(arrivals, most, wait, work):
    done, first, free = [], 0, 0
    while first < len(arrivals):
        start = arrivals[first] + wait
        if first + most <= len(arrivals):
            start = min(start, arrivals[first + most - 1])
        start = max(start, free)
        last = first
        while last < len(arrivals) and last - first < most and arrivals[last] <= start:
            last += 1
        free = start + work
        done += [free - arrival for arrival in arrivals[first:last]]
        first = last
    return done
"""


def oracle(arrivals: list[int], most: int, wait: int, work: int) -> list[int]:
    """Let a clock tick and do what happens in each millisecond."""
    queue: list[tuple[int, int]] = []
    latency = [0] * len(arrivals)
    now = arrived = busy_until = 0
    left = len(arrivals)
    while left:
        while arrived < len(arrivals) and arrivals[arrived] <= now:
            queue.append((arrivals[arrived], arrived))
            arrived += 1
        is_due = bool(queue) and (len(queue) >= most or now - queue[0][0] >= wait)
        if is_due and now >= busy_until:
            batch, queue = queue[:most], queue[most:]
            busy_until = now + work
            for arrival, number in batch:
                latency[number] = busy_until - arrival
            left -= len(batch)
        now += 1
    return latency


def _hidden(seed: int) -> tuple[Case, ...]:
    rng = Random(seed)
    random = sorted(rng.randrange(400) for _ in range(60))
    calls = [
        ("no requests", [], 4, 10, 20),
        ("one request", [7], 4, 10, 20),
        ("a full batch starts at once", [0, 1, 2, 3], 4, 50, 20),
        ("a batch that waits", [0, 3, 100], 4, 10, 20),
        ("just in time", [0, 10, 11], 4, 10, 20),
        ("requests at one moment", [5] * 9, 4, 10, 20),
        ("a busy server", [0, 1, 2, 3, 4, 5, 6, 30], 2, 5, 40),
        ("no waiting", [0, 1, 2, 30], 4, 0, 10),
        ("ordinary traffic", random, 4, 8, 15),
        ("batches of one", random, 1, 8, 3),
    ]
    return tuple(Case(test=t, arguments=(list(a), b, c, d), wanted=list(oracle(a, b, c, d))) for t, a, b, c, d in calls)


TASK = Task(
    family=Family.SERVING,
    name="batching-server",
    title="Latencies behind a batching server",
    statement=(
        "One server works in batches. When it is free, it starts a batch as soon as `most` requests wait or the "
        "oldest "
        "has waited for `wait` ms; it takes the oldest requests that have arrived by then, at most `most`, and is"
        " busy "
        "for `work` ms, whatever the batch's size. Write each request's latency."
    ),
    function="latencies",
    signature="def latencies(arrivals: list[int], most: int, wait: int, work: int) -> list[int]:",
    inputs=("arrivals: milliseconds, ascending, several may be equal", "most ≥ 1, wait ≥ 0, work ≥ 1"),
    outputs=("for each request the milliseconds from its arrival until its batch is done, in their order",),
    edges=(
        "a request that arrives in the millisecond in which a batch starts is in it, if there is room",
        "no requests: an empty list",
        "the last requests do not fill a batch: they wait `wait` ms",
    ),
    baseline="Each request alone, one after the other: then collect what has arrived.",
    trace=Trace(
        arguments=([0, 2, 30], 2, 10, 5),
        result=[7, 5, 15],
        way="0 and 2 fill a batch at 2, done at 7: 7 and 5. 30 waits until 40, done at 45: 15.",
    ),
    tests={
        "no requests": "an empty list",
        "one request": "a request alone",
        "a full batch starts at once": "a batch that fills before the wait is over",
        "a batch that waits": "two requests that do not fill a batch",
        "just in time": "a request that arrives as the batch starts",
        "requests at one moment": "nine requests in one millisecond",
        "a busy server": "more requests than it can work off",
        "no waiting": "a wait of 0",
        "ordinary traffic": "60 requests at random",
        "batches of one": "a batch that is one request",
    },
    hidden=_hidden,
    reference=REFERENCE,
    slips=(
        Slip(
            mistake="a request that arrives as the batch starts is too late",
            changes=(("arrivals[last] <= start", "(last == first or arrivals[last] < start)"),),
            fails=("just in time", "requests at one moment"),
        ),
        Slip(
            mistake="a full batch waits all the same",
            changes=(("start = min(start, arrivals[first + most - 1])", "pass"),),
            fails=("a full batch starts at once", "batches of one"),
        ),
        Slip(
            mistake="the server is always free",
            changes=(("start = max(start, free)", "pass"),),
            fails=("a busy server",),
        ),
        Slip(
            mistake="one request more than fits",
            changes=(("last - first < most", "last - first <= most"),),
            fails=("requests at one moment",),
        ),
    ),
    point=Point(
        name="price of a batch",
        says="A larger batch gives more throughput and a worse tail latency, so p99 has to be watched.",
        anchors=(("throughput", "larger", "bigger", "more requests"), ("latenc*", "p99", "tail", "wait*")),
        probe=Probe(
            ask="What do larger batches with a longer wait cost?",
            options=("Throughput", "Latency, above all when traffic is low", "Memory alone"),
            right=1,
        ),
    ),
)
