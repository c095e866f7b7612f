"""Staged: files that wait for the form they came with to be whole, so that nobody sends one twice."""

import binascii
import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Mapping
from typing import IO, TYPE_CHECKING

from django.core import signing
from django.core.files import File
from django.http import HttpRequest

from events.models.questions.question import Question
from events.models.questions.upload import Upload
from pages import limits

from .content import TYPES, cleaned

if TYPE_CHECKING:
    from .asking import Asking

SALT = "events.registration.questions.staged"
WAITS = dt.timedelta(hours=20)
"How long a form can be sent again with what it holds; the worker deletes the file four hours later."
FROM_ONE_MACHINE = 600
"Files an hour from one network address: a hall of 300 behind one router sends theirs, some twice."
MOST_WAITING = 4 << 30
"Bytes of all the files that wait for their forms: whoever sends thousands of them fills this, and never the disk."


def keep(question: Question, file: IO[bytes], name: str, ending: str, size: int) -> Upload:
    """Store a file whose content was checked: the bytes first, then the row that names them."""
    digest = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(1 << 16):
        digest.update(chunk)
    upload = Upload(
        question=question, name=cleaned(name, ending), type=TYPES[ending], size=size, digest=digest.hexdigest()
    )
    file.seek(0)
    upload.file.save("staged", File(file), save=False)
    try:
        upload.save()
    except Exception:
        upload.file.storage.delete(str(upload.file.name))
        raise
    return upload


def token(upload: Upload, question: Question, owner: str) -> str:
    """What a form holds instead of the file: good for this question, in this form (``owner``), for some hours."""
    return signing.dumps([upload.uid.hex, question.pk, owner], salt=SALT)


def named(tokens: Mapping[Question, str], owner: str) -> dict[int, Upload]:
    """The files that tokens stand for, by the question's key; one query. What is forged, late or another's is none."""
    wanted = {question.pk: uid for question, said in tokens.items() if (uid := _read(said, question, owner))}
    if not wanted:
        return {}
    found = {one.uid: one for one in Upload.objects.filter(uid__in=wanted.values(), question__in=list(wanted))}
    return {pk: found[uid] for pk, uid in wanted.items() if uid in found and found[uid].question_id == pk}


def _read(said: str, question: Question, owner: str) -> uuid.UUID | None:
    try:
        uid, pk, whose = signing.loads(said, salt=SALT, max_age=WAITS)
        return uuid.UUID(uid) if (pk, whose) == (question.pk, owner) else None
    except (signing.BadSignature, binascii.Error, json.JSONDecodeError, TypeError, ValueError, AttributeError):
        return None


def take_in(form: "Asking", request: HttpRequest) -> bool:
    """Store the files that came with a form; False, and none is stored, if too many came from this machine.

    Nor are they while those that no answer has yet, from whomever, fill the room that there is for them.
    """
    who = limits.client_address(request)
    if form.new_files and Upload.objects.waiting_bytes() > MOST_WAITING:
        return False
    for _one in form.new_files:
        if not limits.allowed("file from", who, FROM_ONE_MACHINE, dt.timedelta(hours=1)):
            return False
    form.stage()
    return True
