"""The signature of tickets: what a code says, who signed it, and how anybody finds out without asking us.

A code is ``HUMUS:`` and base32 (RFC 4648, without padding), which a QR code holds as letters and
digits. What is encoded, numbers with the highest byte first:

    1   the version, 1
    4   the key: the beginning of the SHA-256 of the public key
    16  UID of the event
    16  UID of the registration
    2   version of the person's link when the ticket was made
    4   date of a series: minutes from 2000-01-01T00:00 to its original start, on the clock of the place; 0 for none
    1+n code of the ticket, UTF-8 behind its length
    1+n name for the door, UTF-8 behind its length
    64  Ed25519 signature (RFC 8032) of all that stands before it

The private key is derived from SECRET_KEY and kept nowhere. docs/operations.md tells what becomes
of tickets when SECRET_KEY changes.
"""

import base64
import binascii
import datetime as dt
import hashlib
import struct
import unicodedata
import uuid
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PREFIX = "HUMUS:"
VERSION = 1
PURPOSE = b"humus tickets, Ed25519, version 1"
"What the key is derived for: no other use of SECRET_KEY gives the same."
EPOCH = dt.datetime(2000, 1, 1)
HEAD = struct.Struct(">B4s16s16sHI")
SIGNATURE = 64
NAME_BYTES = 48
"So much of a name the door needs; the code stays small enough to be read from a badge."
LONGEST = 400
"Signs that are read at all: no code of ours is half as long."


class Damaged(ValueError):
    """What was read is no whole code of a ticket: scan it again."""


class Forged(ValueError):
    """It looks like a ticket, and none of our keys has signed it."""


@dataclass(frozen=True)
class Claim:
    """What a ticket says of itself."""

    event: uuid.UUID
    registration: uuid.UUID
    edition: int
    original: dt.datetime | None
    "Of a series for whose dates one registers one by one: that date, naive, on the clock of the place."
    ticket: str
    name: str


def sign(claim: Claim) -> str:
    """The code of a ticket, always the same for the same claim and key."""
    private = _private(settings.SECRET_KEY)
    ticket, name = claim.ticket.encode(), short(claim.name).encode()
    head = HEAD.pack(
        VERSION,
        bytes.fromhex(key_id(private.public_key())),
        claim.event.bytes,
        claim.registration.bytes,
        min(claim.edition, 0xFFFF),
        minutes(claim.original),
    )
    said = head + bytes([len(ticket)]) + ticket + bytes([len(name)]) + name
    return PREFIX + base64.b32encode(said + private.sign(said)).decode().rstrip("=")


def verify(text: str) -> Claim:
    """What a code says, if one of our keys has signed it; case and white space do not matter.

    It says nothing of what has become of the registration since.

    Raises:
        Damaged: it is no whole code.
        Forged: none of our keys has signed it.
    """
    raw = _decoded(text)
    claim, key = _read(raw)
    public = public_keys().get(key)
    if public is None:
        raise Forged
    try:
        public.verify(raw[-SIGNATURE:], raw[:-SIGNATURE])
    except InvalidSignature as error:
        raise Forged from error
    return claim


def public_keys() -> dict[str, Ed25519PublicKey]:
    """The keys whose tickets hold, by their ids; the one that signs now is the first."""
    found = (_private(secret).public_key() for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))
    return {key_id(public): public for public in found}


def key_set() -> dict[str, list[dict[str, str]]]:
    """The public keys as a JWK set (RFC 7517, RFC 8037)."""
    return {
        "keys": [
            {
                "kty": "OKP",
                "crv": "Ed25519",
                "use": "sig",
                "alg": "EdDSA",
                "kid": kid,
                "x": base64.urlsafe_b64encode(public.public_bytes_raw()).decode().rstrip("="),
            }
            for kid, public in public_keys().items()
        ]
    }


def key_id(public: Ed25519PublicKey) -> str:
    """What names a key in a code: eight hexadecimal digits."""
    return hashlib.sha256(public.public_bytes_raw()).hexdigest()[:8]


def minutes(original: dt.datetime | None) -> int:
    """A date of a series as a code names it; 0 for none."""
    return max(0, int((original - EPOCH).total_seconds() // 60)) if original else 0


def short(name: str) -> str:
    """As much of a name as a code has room for, never cut within a letter and its marks."""
    whole = unicodedata.normalize("NFC", " ".join(name.split()))
    if len(whole.encode()) <= NAME_BYTES:
        return whole
    kept = whole.encode()[: NAME_BYTES - len("…".encode())].decode(errors="ignore")
    rest = whole[len(kept) :]
    while kept and rest and (unicodedata.category(rest[0]).startswith("M") or rest[0] in "\u200c\u200d"):
        kept, rest = kept[:-1], kept[-1] + rest
    return kept.rstrip() + "…"


@lru_cache(maxsize=8)
def _private(secret: str) -> Ed25519PrivateKey:
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return Ed25519PrivateKey.from_private_bytes(derived)


def _decoded(text: str) -> bytes:
    plain = "".join(text[: 2 * LONGEST].split()).upper()
    if not plain.startswith(PREFIX) or len(plain) > LONGEST:
        raise Damaged
    plain = plain.removeprefix(PREFIX)
    try:
        return base64.b32decode(plain + "=" * (-len(plain) % 8))
    except (binascii.Error, ValueError) as error:
        raise Damaged from error


def _read(raw: bytes) -> tuple[Claim, str]:
    """What is claimed, signed or not, and the id of the key that is said to have signed it."""
    try:
        version, key, event, registration, edition, minute = HEAD.unpack_from(raw)
        ticket, at = _text(raw, HEAD.size)
        name, at = _text(raw, at)
        original = EPOCH + dt.timedelta(minutes=minute) if minute else None
    except (struct.error, IndexError, UnicodeDecodeError, OverflowError) as error:
        raise Damaged from error
    if version != VERSION or len(raw) != at + SIGNATURE:
        raise Damaged
    uids = uuid.UUID(bytes=event), uuid.UUID(bytes=registration)
    return Claim(*uids, edition, original, ticket, name), key.hex()


def _text(raw: bytes, at: int) -> tuple[str, int]:
    end = at + 1 + raw[at]
    if end > len(raw):
        raise IndexError
    return raw[at + 1 : end].decode(), end
