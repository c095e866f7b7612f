"""The shelf of tickets."""

import uuid
from typing import Any, ClassVar

from events.models import Attendance, Ticket
from pages import landmarks

from .columns import Column, Reference, Told
from .reading import Programme, Record
from .shelf import Shelf, Wanted


class Tickets(Shelf):
    kind = "ticket"
    model = Ticket
    natural = "uid"
    columns: ClassVar[list[Column]] = [
        Reference("event", "event"),
        Column("code"),
        Told("name"),
        Column("attendance"),
        Column("price"),
        Column("currency"),
        Column("quota"),
        Column("sort_order"),
    ]

    def read(self, programme: Programme) -> list[Wanted]:
        found = []
        for event in programme.inner["events"]:
            for registration in event.inner.get("registration", []):
                if registration.data.get("mode") != "internal":
                    continue
                codes: set[str] = set()
                for order, r in enumerate(registration.records("tickets")):
                    code = r.text("code", required=True)
                    if code in codes:
                        r.refuse("code", f"“{code}” is named twice.")
                    codes.add(code)
                    found.append(Wanted(f"{event.data.get('slug')}/{code}", r, self._values(r, event, code, order)))
        return found

    def _values(self, r: Record, event: Record, code: str, order: int) -> dict[str, Any]:
        modes = {"onsite": Attendance.ONSITE, "online": Attendance.ONLINE}
        return {
            "event": event.data.get("slug"),
            "code": code,
            "name": r.trilingual("name", required=True),
            # The file tells it by the code alone.
            "attendance": str(modes.get(code.partition("-")[0], "")),
            "price": r.minor_units("price"),
            "currency": r.text("currency") or "EUR",
            "quota": r.whole("quota"),
            "sort_order": order,
        }

    def natural_value(self, key: str) -> uuid.UUID:
        return uuid.uuid5(landmarks.FOUNDATION, f"ticket {key}")
