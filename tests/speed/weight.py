"""What a page weighs on the wire: itself and everything a browser fetches for it, headers included."""

import gzip
import http.client
import re
from dataclasses import dataclass
from functools import cache
from urllib.parse import urljoin, urlsplit

import brotli
from bs4 import BeautifulSoup

FACE = re.compile(r"@font-face\{(.*?)\}", re.DOTALL)
SOURCE = re.compile(r"url\(\"?([^)\"]+)\"?\)")
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
CLASS = re.compile(r"\.([a-z][\w-]*)")
UNPACK = {"": bytes, "br": brotli.decompress, "gzip": gzip.decompress}


@dataclass(frozen=True)
class Answer:
    """One answer: its bytes on the wire, and what it says."""

    status: int
    bytes: int
    text: str
    immutable: bool
    etag: str
    coding: str


@dataclass(frozen=True)
class Weight:
    """``first`` and ``again`` in bytes: with nothing kept, and with what the first visit left; ``elsewhere`` is asked
    of others than this site."""

    page: int
    first: int
    again: int
    requests: int
    parts: dict[str, int]
    elsewhere: list[str]


def fetch(url: str, path: str, etag: str = "") -> Answer:
    """What a browser that takes brotli is sent."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    headers = {"Accept-Encoding": "gzip, deflate, br"} | ({"If-None-Match": etag} if etag else {})
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    told = answer.getheaders()
    connection.close()
    coding = answer.getheader("Content-Encoding", "")
    size = len(body) + sum(len(name) + len(value) + 4 for name, value in told) + 17
    is_text = answer.getheader("Content-Type", "").startswith(("text/", "image/svg", "application/manifest"))
    text = UNPACK[coding](body).decode() if is_text else ""
    lasting = "immutable" in answer.getheader("Cache-Control", "")
    return Answer(answer.status, size, text, lasting, answer.getheader("ETag", ""), coding)


def weigh(url: str, path: str) -> Weight:
    """The page with style, scripts, faces its letters need and every picture, those far down included."""
    page = fetch(url, path)
    assert page.status == 200, (path, page.status)
    tree = BeautifulSoup(page.text, "html.parser")
    wanted = [str(one["href"]) for one in tree.select("link[rel=stylesheet], link[rel=preload], link[rel=icon]")]
    wanted += [str(one["src"]) for one in tree.select("script[src], img[src]")]
    for sheet in tree.select("link[rel=stylesheet]"):
        wanted += _of_style(fetch(url, str(sheet["href"])).text, str(sheet["href"]), tree)
    here = [one for one in dict.fromkeys(wanted) if urlsplit(urljoin(url, one)).netloc == urlsplit(url).netloc]
    parts = {path: page.bytes}
    again = page.bytes  # the next page of this kind, in full
    for one in here:
        answer = fetch(url, one)
        assert answer.status == 200, (one, answer.status)
        parts[one] = answer.bytes
        if not answer.immutable:
            again += fetch(url, one, answer.etag).bytes
    return Weight(page.bytes, sum(parts.values()), again, len(parts), parts, sorted(set(wanted) - set(here)))


def _of_style(style: str, address: str, tree: BeautifulSoup) -> list[str]:
    """The faces that the letters of the page ask for, in all their styles, and the pictures behind what it holds."""
    found = []
    letters = set(tree.get_text())
    for face in FACE.findall(style):
        source = SOURCE.search(face)
        if source and any(_ranges(face, ord(letter)) for letter in letters):
            found.append(urljoin(address, source[1]))
    classes = {name for one in tree.select("[class]") for name in one["class"]}
    for selector, rule in RULE.findall(FACE.sub("", style)):
        if set(CLASS.findall(selector)) <= classes:
            found += [urljoin(address, source) for source in SOURCE.findall(rule)]
    return found


@cache
def _ranges(face: str, letter: int) -> bool:
    said = re.search(r"unicode-range:([^;}]+)", face)
    if not said:
        return True
    for part in said[1].replace("U+", "").split(","):
        start, _dash, end = part.strip().partition("-")
        if int(start, 16) <= letter <= int(end or start, 16):
            return True
    return False
