"""Received: how much of a form is taken in, so that no body, however large, fills the memory or the disk."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from events.models.questions.question import MOST_MEGABYTES

MEGABYTE = 1 << 20
MOST_OF_A_FILE = MOST_MEGABYTES * MEGABYTE
MOST = 3 * MOST_OF_A_FILE + MEGABYTE
"The whole body of one form: a request that announces more is refused before it is read."
ASKED = re.compile(r"q\d{1,18}")

View = Callable[..., HttpResponseBase]


class Receiving(TemporaryFileUploadHandler):
    """Keeps files on the disk while the form is read: only those of questions, and of none more than may be sent."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if not ASKED.fullmatch(str(self.field_name)):
            self.file.close()
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """What goes beyond is counted, not kept: the form then says that the file is too large."""
        if start + len(raw_data) <= MOST_OF_A_FILE:
            super().receive_data_chunk(raw_data, start)
        elif start <= MOST_OF_A_FILE:
            self.file.truncate(0)


def bounded(view: View) -> View:
    """Refuse what is too large by its announced length, and take in files sparingly."""

    @wraps(view)
    def receive(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST":
            announced = str(request.META.get("CONTENT_LENGTH") or "0")
            if not announced.isdecimal() or int(announced) > MOST:
                context = {"megabytes": MOST // MEGABYTE - 1}
                return render(request, "events/registration/too_large.html", context, status=413)
            request.upload_handlers = [Receiving(request)]
        return view(request, *args, **kwargs)

    return receive


def bounded_and_protected(view: View) -> View:
    """The same where Django's mark against forgery is asked for: it is read from the body, so only behind the bound."""
    return csrf_exempt(bounded(csrf_protect(view)))
