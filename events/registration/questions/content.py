"""Content: what a file really is, whatever it is called, and what it may be called here."""

import re
import struct
import unicodedata
import warnings
from typing import IO

import filetype
from PIL import Image

from ..one_line import UNSEEN

TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}
"What may be sent: its ending, and its type."
READERS = {"jpg": "JPEG", "png": "PNG"}
MOST_PIXELS = 120_000_000
"The largest pictures of telephones; nothing here ever unpacks one."
HEAD, TAIL = 4096, 66_000
NAME = 150


def kind_of(file: IO[bytes], size: int) -> str:
    """Its ending (``pdf``, ``jpg``, ``png``) by its content; empty if it is none of them, or two things at once.

    A PDF begins with its mark and has its end; a picture is one whose frame Pillow
    reads, within bounds. Nothing is unpacked, so that no bomb goes off here.
    """
    file.seek(0)
    head = file.read(HEAD)
    file.seek(max(0, size - TAIL))
    tail = file.read()
    guessed = filetype.guess(head)
    ending = next((one for one, mime in TYPES.items() if guessed is not None and guessed.mime == mime), "")
    if not ending or _is_archive(tail):
        return ""
    if ending == "pdf":
        whole = head.startswith(b"%PDF-") and b"%%EOF" in tail[-2048:] and b"startxref" in tail
    else:
        whole = b"%PDF-" not in head and _is_picture(file, READERS[ending])
    file.seek(0)
    return ending if whole else ""


def _is_archive(tail: bytes) -> bool:
    """Whether it can be read from its end as a ZIP: as a program, or a document of an office."""
    at = tail.rfind(b"PK\x05\x06")
    return at >= 0 and len(tail) >= at + 22 and at + 22 + struct.unpack_from("<H", tail, at + 20)[0] == len(tail)


def _is_picture(file: IO[bytes], reader: str) -> bool:
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # bounded below
            picture = Image.open(file, formats=[reader])
        within = 0 < picture.width * picture.height <= MOST_PIXELS
        if within:
            picture.verify()
    except Exception:  # noqa: BLE001  (whatever Pillow says of a broken file, it is none)
        return False
    return within


def cleaned(name: str, ending: str) -> str:
    """What it is called from now on: no path, nothing unseen, and the ending that its content has."""
    base = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    base = " ".join(re.sub(r'[\x00-\x1f\x7f<>:"|?*;%]', " ", UNSEEN.sub("", base)).split())
    stem = re.sub(r"\.[0-9A-Za-z]{1,5}$", "", base).strip(". ")
    return f"{stem[: NAME - len(ending) - 1].strip() or 'document'}.{ending}"
