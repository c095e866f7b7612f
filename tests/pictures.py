"""The pictures of the documentation, taken from the running site: ``make pictures``."""

import io
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.served import Served, Template

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
WIDE, PHONE = (1280, 900), (375, 812)


class Picture(NamedTuple):
    """One page on one screen."""

    name: str
    path: str
    size: tuple[int, int] = WIDE
    scheme: str = "light"


DAY = "/en/calendar/4-per-1000-east-africa-meeting-demo/"
PICTURES = [
    Picture("home", "/fr/"),
    Picture("home-phone", "/en/", PHONE),
    Picture("agenda", "/fr/agenda/"),
    Picture("agenda-phone-dark", "/es/calendario/", PHONE, "dark"),
    Picture("month", "/en/calendar/month/2021-05/"),
    Picture("event", DAY),
    Picture("event-dark", DAY, WIDE, "dark"),
    Picture("event-phone", DAY, PHONE),
    Picture("registration-phone", "register", PHONE),
    Picture("region", "/es/regiones/africa-occidental/"),
]


def take() -> None:
    """Serve the programme and write each picture, in as few colours as it needs."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        sys.exit("No Chromium on this machine: install the package chromium.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, Template("", Path(folder)) as template:
        place = Path(folder) / "site"
        place.mkdir()
        site = Served(template.copy(place), place)
        try:
            site.start()
            shoot(site, program)
        finally:
            site.stop()


def shoot(site: Served, program: str) -> None:
    flags = ["--disable-gpu"] + ["--no-sandbox"] * (hasattr(os, "geteuid") and os.geteuid() == 0)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        for picture in PICTURES:
            width, height = picture.size
            page = browser.new_page(
                viewport={"width": width, "height": height}, color_scheme=picture.scheme, timezone_id="Europe/Paris"
            )
            answer = page.goto(site.url + (DAY if picture.path == "register" else picture.path))
            if answer is None or not answer.ok:
                sys.exit(f"{picture.path} could not be shown:\n{site.log()}")
            if picture.path == "register":
                page.locator("a[rel=register]").click()
            page.wait_for_load_state("networkidle")
            drawn = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            drawn.quantize(128, dither=Image.Dither.NONE).save(FOLDER / f"{picture.name}.png", optimize=True)
            print(f"docs/pictures/{picture.name}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    take()
