"""ical.js (Thunderbird) reads and expands, overrides included, under the Node that playwright brings."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from .feed import Dates, Moment, alone, estranged

PROGRAM = Path(__file__).with_name("ical_js.mjs")
PATIENCE = 60  # seconds


@cache
def node() -> str:
    from playwright._impl._driver import compute_driver_executable

    return str(compute_driver_executable()[0])


def zone(vtimezone: str, hours: list[dt.datetime]) -> list[dt.timedelta]:
    asked = {"calendar": alone(vtimezone), "hours": [hour.isoformat(timespec="seconds") for hour in hours]}
    return [dt.timedelta(seconds=offset) for offset in _ask(asked)]


def dates(body: bytes) -> Dates:
    told = _ask({"calendar": estranged(body)})
    return {uid: sorted((_moment(start), _moment(end)) for start, end in spans) for uid, spans in told.items()}


def _ask(question: dict[str, Any]) -> Any:
    """What Node answers, far from any zone of ours: a reader that looked at its machine's clock would be found out."""
    answer = subprocess.run(
        [node(), str(PROGRAM)],
        input=json.dumps(question),
        env={"TZ": "Pacific/Chatham"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def _moment(told: str | int) -> Moment:
    """Seconds since 1970, or a day."""
    return dt.date.fromisoformat(told) if isinstance(told, str) else dt.datetime.fromtimestamp(told, dt.UTC)
