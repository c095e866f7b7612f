"""How many people a second are registered over real HTTP, and whether a rush leaves every number right.

Two workers serve the public site; the visitors run beside them on the same machine.
Everybody comes from a machine of their own, as through a proxy, so that no limit of
one machine is met. A wrong number is shouted; a slow one is only told.
"""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from tests.bench.visitor import Form, Person, Visitor
from tests.served import Served

CLIENTS = 8
PEOPLE = 600
"Who register one after the other, by each of the two ways."
CROWD = 1000
SEATS = 100
CONNECTIONS = 200
PROCESSORS = 2
"For what two workers could do if nobody else used the machine, neither the visitors nor the database."
EMPTY = "empty view"
MEETING = """
from tests.registration.people import address, meeting
event = meeting(capacity={seats})
print(event.uid, address("registration", event.uid))
"""
COUNTED = """
import json
from events.models import Registration, SeatPool
from letters.models import Letter
own = {{"event__uid": "{uid}"}}
mine = Registration.objects.filter(**own)
print(json.dumps({{
    "registrations": mine.count(),
    "confirmed": mine.filter(state="confirmed").count(),
    "people": mine.values("email_key").distinct().count(),
    "seats taken": SeatPool.objects.get(key="event", **own).taken,
    "letters": Letter.objects.filter(about="{uid}", kind="confirmed").count(),
    "people with a letter": Letter.objects.filter(about="{uid}").values("recipient").distinct().count(),
    "letters that left": Letter.objects.filter(about="{uid}", ending="").exclude(sent_at=None).count(),
}}))
"""


@dataclass
class Found:
    """What one database did."""

    per_second: dict[str, tuple[float, float]] = field(default_factory=dict)
    "Beside each the empty views a second of the moments before and after it: others may use the machine too."
    requests: dict[str, float] = field(default_factory=dict)
    "HTTP requests for each registration."
    rush: dict[str, Any] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)
    statements: dict[str, list[str]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def at_once(works: Sequence[Callable[[], object]]) -> float:
    """Do these at the same time, each in its own thread; seconds from the start of all to the end of the last."""
    start = 0.0

    def begin() -> None:
        nonlocal start
        start = time.perf_counter()

    ready = threading.Barrier(len(works), action=begin)

    def do(work: Callable[[], object]) -> None:
        ready.wait()
        work()

    with ThreadPoolExecutor(len(works)) as pool:
        list(pool.map(do, works))
    return time.perf_counter() - start


def said(site: Served, script: str) -> str:
    return site.manage("shell", "--no-imports", "--verbosity=0", "-c", script).strip().splitlines()[-1]


def meeting(site: Served, seats: int) -> tuple[str, str]:
    """The UID of a new meeting and where its form is."""
    uid, path = said(site, MEETING.format(seats=seats)).split()
    return uid, path


def shares(people: int, clients: int) -> list[list[Person]]:
    return [[Person(number) for number in range(first, people, clients)] for first in range(clients)]


def nothing(site: Served) -> float:
    """Empty views a second, asked for by as many clients."""
    each = PEOPLE // 4

    def ask() -> None:
        visitor = Visitor(site.url)
        for _time in range(each):
            visitor.ask("GET", "/empty/", Person(0))
        visitor.close()

    return CLIENTS * each / at_once([ask] * CLIENTS)


def one_after_the_other(site: Served, whole: bool, found: Found, name: str) -> None:
    """Registrations a second: the form opened once by each client, or opened, sent and thanked for by each person."""
    uid, path = meeting(site, 100_000)
    visitors = [Visitor(site.url) for _client in range(CLIENTS)]
    forms = [visitor.open(path, Person(0)) for visitor in visitors]
    asked = sum(visitor.requests for visitor in visitors)
    statuses: Counter[int] = Counter()
    before = nothing(site)

    def client(visitor: Visitor, form: Form, people: list[Person]) -> None:
        for person in people:
            if whole:
                form = visitor.open(path, person)
            status, thanks = visitor.send(path, form, person)
            statuses[status] += 1
            if whole and thanks:
                statuses[visitor.ask("GET", thanks, person)[0]] += 1

    works = [partial(client, *one) for one in zip(visitors, forms, shares(PEOPLE, CLIENTS), strict=True)]
    took = at_once(works)
    counted = json.loads(said(site, COUNTED.format(uid=uid)))
    found.per_second[name] = counted["confirmed"] / took, (before + nothing(site)) / 2
    found.requests[name] = (sum(visitor.requests for visitor in visitors) - asked) / PEOPLE
    expect(found, name, counted, PEOPLE)
    if set(statuses) - {200, 303}:
        found.wrong.append(f"{name}: answered {dict(statuses)}")


def rush(site: Served, found: Found) -> None:
    """A crowd opens the form while there are seats, then all send it at once."""
    uid, path = meeting(site, SEATS)
    visitors = [Visitor(site.url) for _connection in range(CONNECTIONS)]
    groups = shares(CROWD, CONNECTIONS)
    forms: dict[Person, Form] = {}
    got: list[list[tuple[int, float]]] = []

    def arrive(visitor: Visitor, people: list[Person]) -> None:
        for person in people:
            forms[person] = visitor.open(path, person)

    def register(visitor: Visitor, people: list[Person]) -> None:
        got.extend(visitor.send_until_taken(path, forms[person], person) for person in people)

    at_once([partial(arrive, *one) for one in zip(visitors, groups, strict=True)])
    took = at_once([partial(register, *one) for one in zip(visitors, groups, strict=True)])
    for visitor in visitors:
        visitor.close()
    site.manage("work", "--once")
    counted = json.loads(said(site, COUNTED.format(uid=uid)))
    statuses = Counter(status for answers in got for status, _seconds in answers)
    seconds = sorted(seconds for answers in got for _status, seconds in answers)
    name = f"{CROWD:,} people for {SEATS} seats"
    found.rush = counted | {
        "answers": {str(status): times for status, times in sorted(statuses.items())},
        "answers a second": len(seconds) / took,
        "half of them within": seconds[len(seconds) // 2],
        "95 % of them within": seconds[len(seconds) * 95 // 100],
    }
    expect(found, name, counted | {"303": statuses[303]}, SEATS)
    expect(found, name, {"409": statuses[409]}, CROWD - SEATS)
    expect(found, name, {"answers of 500 and above": sum(statuses[one] for one in statuses if one >= 500)}, 0)
    left = counted["letters that left"]
    if left != SEATS:
        found.wrong.append(f"{name}: {left} letters left, not {SEATS}")


def expect(found: Found, where: str, counted: dict[str, int], wanted: int) -> None:
    for name, number in counted.items():
        if name != "letters that left" and number != wanted:
            found.wrong.append(f"{where}: {name} {number}, not {wanted}")


def check(site: Served, found: Found) -> None:
    """``check_seats`` ends with an error where a pool and its registrations differ."""
    try:
        found.rush["check_seats"] = site.manage("check_seats").strip().splitlines()[-1]
    except AssertionError as error:
        found.wrong.append(str(error))
    if "Traceback" in site.log():
        found.wrong.append("a process of the site failed: " + site.log())


def measure(site: Served) -> Found:
    """All of it, on a site that is ready to start."""
    found = Found()
    site.start()
    try:
        nothing(site)  # the workers load what they need
        rush(site, found)  # first: only so many letters leave within the hour
        one_after_the_other(site, False, found, "the form sent")
        one_after_the_other(site, True, found, "form, sent, thanks")
        check(site, found)
    finally:
        site.stop()
    return found


def show(found: dict[str, Found], statements: bool) -> None:
    kinds = list(found)
    some = found[kinds[0]]

    def table(title: str, rows: dict[str, Callable[[Found], str]]) -> None:
        print(f"\n{title}\n\n{'':34}" + "".join(f"{kind:>22}" for kind in kinds))
        for name, cell in rows.items():
            print(f"{name:34}" + "".join(f"{cell(found[kind]):>22}" for kind in kinds))

    def rate(name: str) -> Callable[[Found], str]:
        def cell(one: Found) -> str:
            registered, empty = one.per_second[name]
            return f"1/{empty / registered:.1f} ({registered:,.0f}/s)"

        return cell

    def undisturbed(*names: str) -> Callable[[Found], str]:
        return lambda one: f"{PROCESSORS / sum(one.cpu[name] for name in names):,.0f}/s"

    def spent(name: str) -> Callable[[Found], str]:
        return lambda one: f"{one.cpu[name] / one.cpu[EMPTY]:,.0f} ({one.cpu[name] * 1000:,.2f} ms)"

    table(
        f"Registrations a second, {CLIENTS} clients, two workers: ratio to empty views a second of the same server",
        {name: rate(name) for name in some.per_second}
        | {
            "CPU allows, the form sent": undisturbed("the form sent"),
            "CPU allows, form, sent, thanks": undisturbed("the form", "the form sent", "the thanks"),
        },
    )
    table(
        "HTTP requests for one registration",
        {name: lambda one, name=name: f"{one.requests[name]:.2f}" for name in some.requests},
    )
    table("SQL statements", {name: lambda one, name=name: f"{len(one.statements[name])}" for name in some.statements})
    table("CPU of one process, ratio to an empty view", {name: spent(name) for name in some.cpu if name != EMPTY})
    table(
        f"A rush: {CROWD:,} people for {SEATS} seats over {CONNECTIONS} connections",
        {name: lambda one, name=name: told(one.rush.get(name)) for name in some.rush if name != "check_seats"},
    )
    for kind in kinds:
        print(f"\ncheck_seats, {kind}: {found[kind].rush.get('check_seats')}")
        if statements:
            for name, sentences in found[kind].statements.items():
                print(f"\n{kind}, {name}: {len(sentences)}\n" + "\n".join(f"  {one}" for one in sentences))
    for kind in kinds:
        for wrong in found[kind].wrong:
            print(f"\n!!! WRONG, {kind}: {wrong}")


def told(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{times}x {name}" for name, times in value.items())
    return f"{value:,.2f}" if isinstance(value, float) else str(value)
