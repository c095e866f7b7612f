"""Reading pages as a visitor does: through the client, without JavaScript."""

import json

from bs4 import BeautifulSoup, Tag
from django.test import Client


class Pages:
    """Opens addresses and keeps the page as a tree."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def open(self, path: str, status: int = 200) -> BeautifulSoup:
        response = self.client.get(path)
        assert response.status_code == status, f"{path}: {response.status_code}"
        return BeautifulSoup(response.content, "html.parser")

    def led(self, path: str) -> tuple[int, str]:
        """Where an address redirects to, and how."""
        response = self.client.get(path)
        assert response.status_code in (301, 302), f"{path}: {response.status_code}"
        return response.status_code, response["Location"]


def switch(page: BeautifulSoup) -> dict[str, str]:
    """Where the language switcher leads."""
    return {str(link["hreflang"]): str(link["href"]) for link in page.select(".langs a")}


def alternates(page: BeautifulSoup) -> dict[str, str]:
    """What hreflang says, without the scheme and the host."""
    return {str(link["hreflang"]): _path(link) for link in page.select("link[rel=alternate][hreflang]")}


def canonical(page: BeautifulSoup) -> str:
    link = page.select_one("link[rel=canonical]")
    return _path(link) if link else ""


def steps(page: BeautifulSoup) -> list[tuple[str, str]]:
    """The breadcrumbs as programs read them: what each says and where it leads."""
    blocks = (json.loads(str(block.string)) for block in page.select("script[type='application/ld+json']"))
    trail = next(one for one in blocks if one["@type"] == "BreadcrumbList")
    return [(one["name"], one["item"].removeprefix("http://testserver")) for one in trail["itemListElement"]]


def rows(page: BeautifulSoup) -> list[str]:
    """The titles of the events listed, in order."""
    return [name.get_text(strip=True) for name in page.select(".rows .name")]


def text(page: BeautifulSoup | Tag, selector: str = "body") -> str:
    """The words a person sees, spaces of every width made one."""
    found = page.select_one(selector)
    return " ".join(found.get_text(" ").split()) if found else ""


def _path(link: Tag) -> str:
    address = str(link["href"])
    assert address.startswith("http://testserver/"), address
    return address.removeprefix("http://testserver")
