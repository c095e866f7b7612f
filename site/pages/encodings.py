"""Encodings: in which of its codings an answer leaves, as Accept-Encoding asks (RFC 9110 12.5.3)."""

import gzip
from collections.abc import Callable, Sequence
from functools import lru_cache

import brotli
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

ALIASES = {"x-gzip": "gzip"}
PLAIN = "identity"


def _brotli(body: bytes) -> bytes:
    return bytes(brotli.compress(body, quality=6))


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=6, mtime=0)


# The one that makes the smallest answer first.
PACKERS: dict[str, Callable[[bytes], bytes]] = {"br": _brotli, "gzip": _gzip}


def packed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A whole answer in the coding that the client likes best; for what is small, or asked for once."""
    coding = preferred(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    patch_vary_headers(response, ["Accept-Encoding"])
    if coding != PLAIN:
        response.content = PACKERS[coding](response.content)
        response["Content-Encoding"], response["Content-Length"] = coding, str(len(response.content))
    return response


@lru_cache(maxsize=512)
def preferred(header: str, offered: Sequence[str] = tuple(PACKERS)) -> str:
    """The coding to answer in: the one weighed highest, of equals the first offered, else "identity".

    Where the client refuses even that, it gets it all the same: better than no answer.
    """
    weights: dict[str, float] = {}
    for part in header.lower().split(","):
        name, _semicolon, parameter = part.partition(";")
        name = name.strip()
        if name:
            weights[ALIASES.get(name, name)] = _weight(parameter)
    best, heaviest = PLAIN, 0.0
    for name in (*offered, PLAIN):
        # A coding that is not named has the weight of "*"; nothing said speaks for the plain body only.
        weight = weights.get(name, weights.get("*", 0.0001 if name == PLAIN else 0.0))
        if weight > heaviest:
            best, heaviest = name, weight
    return best


def _weight(parameter: str) -> float:
    name, _equals, value = parameter.replace(" ", "").partition("=")
    if name != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0
