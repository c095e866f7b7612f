"""The keeper: finished answers of the present edition, in the memory of each process.

It stands before every other middleware and asks the database one thing, the
number of the edition. That number was raised in the transaction of the change,
so that whoever reads the old one is served what was true then, and whoever reads
the new one never sees what was kept before, in whatever process. Nothing is
purged, and no process tells another anything.
"""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from django.conf import settings
from django.core.exceptions import DisallowedHost, MiddlewareNotUsed
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, has_vary_header, patch_vary_headers
from django.utils.translation import get_language_from_request

from . import encodings, keeping
from .models import Edition

PERSONAL = frozenset({settings.SESSION_COOKIE_NAME, "messages", settings.LANGUAGE_COOKIE_NAME})
"Who brings one of these cookies may be shown something of their own."
TRACKING = ("utm_", "mtm_", "pk_")
TRACKERS = frozenset({"fbclid", "gclid", "dclid", "msclkid", "igshid", "mc_cid", "mc_eid", "_hsenc", "_hsmi"})
OVERHEAD = 2000
"Bytes that an answer takes besides its bodies, headers and all; reckoned generously."

Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """One finished answer, with its body in each coding."""

    status: int
    headers: dict[str, str]
    tag: str
    bodies: dict[str, bytes]
    until: float

    @classmethod
    def of(cls, response: HttpResponse, until: float) -> "Answer":
        body = response.content
        packed = {name: pack(body) for name, pack in encodings.PACKERS.items()} if body else {}
        return cls(
            response.status_code,
            dict(response.items()),
            hashlib.blake2b(body, digest_size=12).hexdigest(),
            {encodings.PLAIN: body, **{name: short for name, short in packed.items() if len(short) < len(body)}},
            until,
        )

    @property
    def weight(self) -> int:
        return OVERHEAD + sum(map(len, self.bodies.values()))

    def to(self, request: HttpRequest) -> HttpResponse:
        """What this client gets: packed as it likes best, without a body for HEAD, 304 if it has it."""
        coding = encodings.preferred(request.META.get("HTTP_ACCEPT_ENCODING", ""), tuple(self.bodies)[1:])
        body = self.bodies[coding]
        etag = f'"{self.tag}"' if coding == encodings.PLAIN else f'"{self.tag}-{coding}"'
        headers = self.headers | {"ETag": etag, "Content-Length": str(len(body))}
        if coding != encodings.PLAIN:
            headers["Content-Encoding"] = coding
        response = HttpResponse(b"" if request.method == "HEAD" else body, status=self.status, headers=headers)
        asked = get_conditional_response(request, etag=etag, response=response)
        assert asked is not None
        return asked


class Shelf:
    """The answers of one edition, the least asked for leaving first when there is no room."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.lock = threading.Lock()
        self._empty(-1)

    def _empty(self, edition: int) -> None:
        self.edition, self.weight = edition, 0
        self.answers: OrderedDict[Key, Answer] = OrderedDict()

    def find(self, edition: int, key: Key) -> Answer | None:
        with self.lock:
            if edition != self.edition:
                self._empty(edition)
                return None
            answer = self.answers.get(key)
            if answer is None:
                return None
            if answer.until <= time.time():
                self._drop(key)
                return None
            self.answers.move_to_end(key)
            return answer

    def put(self, edition: int, key: Key, answer: Answer) -> None:
        """Keep what was made from an edition that was read before it was begun."""
        with self.lock:
            if edition != self.edition or answer.weight > self.room:
                return
            self._drop(key)
            self.answers[key] = answer
            self.weight += answer.weight
            while self.weight > self.room:
                self._drop(next(iter(self.answers)))

    def _drop(self, key: Key) -> None:
        answer = self.answers.pop(key, None)
        if answer is not None:
            self.weight -= answer.weight


class KeeperMiddleware:
    """Keeps what views let it keep, and answers from that before anything else is done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.KEPT_PAGES_MB:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.shelf = Shelf(settings.KEPT_PAGES_MB * 1_000_000)
        self.prefixes = {f"/{code}/": code for code, _name in settings.LANGUAGES}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = self.key(request)
        if key is None:
            return self.get_response(request)
        try:
            edition = Edition.now()
        except DatabaseError:  # those further in know how to tell it
            return self.get_response(request)
        answer = self.shelf.find(edition, key)
        if answer is None:
            began = time.time()
            response = self.get_response(request)
            if not self.may_keep(response, request):
                return response
            patch_vary_headers(response, ["Accept-Encoding"])
            response.headers.setdefault("Cache-Control", "no-cache")  # asked for again each time, for a 304
            answer = Answer.of(response, min(began + keeping.MOST, keeping.changing(request)))
            self.shelf.put(edition, key, answer)
        return answer.to(request)

    def key(self, request: HttpRequest) -> Key | None:
        """What tells one kept answer from another; None for whoever is to be answered in person.

        What advertisers hang on an address is taken off: no page of ours depends on it.
        """
        if request.method not in ("GET", "HEAD") or getattr(request, "is_dummy", False):
            return None
        path = request.path
        language = self.prefixes.get(path[:4], "")
        if not language and path != "/":  # style sheets, feeds and the staff's rooms ask the database nothing here
            return None
        if "HTTP_COOKIE" in request.META and not PERSONAL.isdisjoint(request.COOKIES):
            return None
        if request.META.get("QUERY_STRING"):
            if not only_tracks(request.META["QUERY_STRING"]):
                return None
            request.META["QUERY_STRING"] = ""
        try:
            host = request.get_host()
        except DisallowedHost:
            return None
        return request.scheme or "", host, path, language or get_language_from_request(request, check_path=True)

    def may_keep(self, response: HttpResponse, request: HttpRequest) -> bool:
        """Only what its view opted in, and only if nothing in it is somebody's own."""
        if not keeping.may_be_kept(response) or response.status_code not in (200, 301, 302) or response.streaming:
            return False
        if request.method == "HEAD" and not response.content and response.status_code == 200:
            return False
        policy = {part.strip() for part in response.get("Cache-Control", "").lower().split(",")}
        return not (
            response.cookies
            or has_vary_header(response, "Cookie")
            or has_vary_header(response, "*")
            or "private" in policy
            or "no-store" in policy
        )


def only_tracks(query: str) -> bool:
    """Whether a query says nothing but where somebody comes from."""
    names = [name.lower() for name, _value in parse_qsl(query, keep_blank_values=True)]
    return bool(names) and all(name.startswith(TRACKING) or name in TRACKERS for name in names)
