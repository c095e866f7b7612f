"""Handing out: a participant's file, to whom the caller knows may have it."""

from django.http import FileResponse
from django.http.response import HttpResponseBase

from events.models.questions.upload import Upload


def handed_out(upload: Upload) -> HttpResponseBase:
    """The file as something to keep, never as a page: no browser shows it, runs it, or guesses what else it is.

    Raises:
        FileNotFoundError: it is no longer on the disk.
    """
    response = FileResponse(upload.file.open("rb"), as_attachment=True, filename=upload.name, content_type=upload.type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "no-store, private"
    return response
