"""The letters that a served site has sent, as the person who gets them reads them."""

import re
from email.message import EmailMessage

from playwright.sync_api import Page

from tests.served import Served


def letter_to(site: Served, page: Page, address: str, count: int = 1) -> EmailMessage:
    """The latest of so many letters to an address, once the worker has carried it."""
    for _look in range(100):
        found = [letter for letter in site.letters() if address in str(letter["To"])]
        if len(found) >= count:
            return found[-1]
        page.wait_for_timeout(200)
    raise AssertionError(f"no letter to {address}:\n{site.log()}")


def words(letter: EmailMessage) -> str:
    """Its plain text in one line."""
    body = letter.get_body(("plain",))
    assert body is not None
    return " ".join(body.get_content().split())


def link(letter: EmailMessage) -> str:
    """The personal link of a letter; not that to questions, which stands before it."""
    found = [one.rstrip(".") for one in re.findall(r"https?://\S+", words(letter))]
    return next(one for one in found if not one.endswith(("/questions/", "/preguntas/")))
