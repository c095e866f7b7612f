"""The signature of a ticket: whoever has the public key knows a true one from any other, and nobody can make one."""

import base64
import datetime as dt
import json
import re
import uuid

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.test import Client
from django.urls import reverse

from events.registration.documents import signing
from events.registration.documents.signing import Claim, Damaged, Forged, sign, verify
from tests.payments.test_receipt import NAMES

CLAIM = Claim(uuid.uuid4(), uuid.uuid4(), 3, None, "full", "Asha Rao")
ALPHANUMERIC = re.compile(r"[0-9A-Z $%*+\-./:]+")
LONG = Claim(uuid.uuid4(), uuid.uuid4(), 65535, dt.datetime(2100, 1, 1), "t" * 40, "आशा " * 50)


def raw(code: str) -> bytearray:
    plain = code.removeprefix(signing.PREFIX)
    return bytearray(base64.b32decode(plain + "=" * (-len(plain) % 8)))


def coded(content: bytes) -> str:
    return signing.PREFIX + base64.b32encode(content).decode().rstrip("=")


@pytest.mark.parametrize("name", NAMES)
def test_what_was_signed_is_read_back_whole(name):
    claim = Claim(uuid.uuid4(), uuid.uuid4(), 1, dt.datetime(2031, 5, 12, 15, 30), "billet-2", name)
    assert verify(sign(claim)) == claim


def test_a_code_is_written_in_what_a_qr_code_holds_with_least_room():
    for claim in (CLAIM, LONG):
        assert ALPHANUMERIC.fullmatch(sign(claim))
    assert len(sign(CLAIM)) < 262, "version 9 with error correction M"
    assert len(sign(LONG)) < 366, "version 11"
    assert len(sign(LONG)) <= signing.LONGEST


def test_case_and_white_space_of_a_scanner_do_not_matter():
    code = sign(CLAIM)
    assert verify(f"  {code.lower()}\r\n") == verify(f"{code[:40]} {code[40:]}") == CLAIM


def test_every_single_bit_counts():
    whole = raw(sign(CLAIM))
    for at in range(len(whole) * 8):
        changed = bytearray(whole)
        changed[at // 8] ^= 1 << at % 8
        with pytest.raises((Forged, Damaged)) as refused:
            verify(coded(changed))
        structure = at // 8 == 0 or at // 8 in (signing.HEAD.size, signing.HEAD.size + 1 + len(CLAIM.ticket))
        if not structure and at // 8 < signing.HEAD.size:
            assert refused.type is Forged, at


@pytest.mark.parametrize(
    "text", ["", "x", "HUMUS:", "HUMUS:1", "HUMUS:AAAA", "https://example.org/", "é" * 5000, "HUMUS:" + "A" * 300, "\0"]
)
def test_what_is_no_code_is_damaged_and_no_error(text):
    with pytest.raises(Damaged):
        verify(text)


def test_half_a_code_is_damaged():
    for length in range(0, len(sign(CLAIM)) - 2, 7):
        with pytest.raises(Damaged):
            verify(sign(CLAIM)[:length])


def test_another_secret_signs_what_we_do_not_know_until_it_is_named(settings):
    old = settings.SECRET_KEY
    code = sign(CLAIM)
    settings.SECRET_KEY = "another secret, of another site or of a later year"
    with pytest.raises(Forged):
        verify(code)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert verify(code) == CLAIM
    assert verify(sign(CLAIM)) == CLAIM
    assert sign(CLAIM) != code
    assert len(signing.key_set()["keys"]) == 2


def test_a_key_of_another_that_takes_our_name_is_forged(settings):
    ours = next(iter(signing.public_keys()))
    settings.SECRET_KEY = "another secret"
    theirs = raw(sign(CLAIM))
    theirs[1:5] = bytes.fromhex(ours)
    settings.SECRET_KEY = "only here"
    with pytest.raises(Forged):
        verify(coded(theirs))


def test_the_key_is_not_that_of_anything_else(settings):
    private = signing._private(settings.SECRET_KEY).private_bytes_raw()
    assert settings.SECRET_KEY.encode() not in private
    assert private != signing._private(settings.SECRET_KEY + "x").private_bytes_raw()


def test_a_long_name_is_cut_between_letters_not_within_one():
    for name in ("क्षि" * 40, "Ngọ̃" * 40, "x" * 200, "محمد " * 40):
        cut = signing.short(name)
        assert len(cut.encode()) <= signing.NAME_BYTES
        assert cut.endswith("…")
        rest = name[len(cut) - 1 :]
        assert not rest or cut[:-1] == name[: len(cut) - 1] or name.startswith(cut[:-1].rstrip())


def test_other_tools_find_the_public_key_and_need_nothing_else(settings, client: Client):
    """As a tool of somebody else would do it: the key set, base32, Ed25519."""
    answer = client.get(reverse("ticket_keys"))
    assert answer["Content-Type"] == "application/json"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert settings.SECRET_KEY not in answer.content.decode()
    (key,) = json.loads(answer.content)["keys"]
    assert set(key) == {"kty", "crv", "use", "alg", "kid", "x"}, "nothing private"
    content = bytes(raw(sign(CLAIM)))
    assert content[1:5].hex() == key["kid"]
    public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key["x"] + "="))
    public.verify(content[-64:], content[:-64])
