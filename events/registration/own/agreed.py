"""What somebody agreed to: the privacy notice of that day, word for word, on their own page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from events.models import PrivacyNotice, Registration

from ..event_shown import event_shown
from ..personal import notice
from . import standing
from .opened import own_page


@own_page
@require_safe
def agreed(request: HttpRequest, token: str, registration: Registration) -> HttpResponse:
    """The notice that this person agreed to; whoever agreed to none reads the present one."""
    return _shown(request, token, registration, registration.notice)


@own_page
@require_safe
def version(request: HttpRequest, token: str, registration: Registration, number: int) -> HttpResponse:
    """Any notice that this event has had, by its number."""
    kept = get_object_or_404(PrivacyNotice, event=registration.event_id, number=number)
    return _shown(request, token, registration, kept)


def _shown(request: HttpRequest, token: str, registration: Registration, kept: PrivacyNotice | None) -> HttpResponse:
    event = registration.event
    now = notice.of(event)
    text, language = notice.shown_in(kept.texts if kept else now.texts, get_language() or "fr")
    at = registration.consented_at
    mine = kept is not None and kept.pk == registration.notice_id
    context = event_shown(request, event, registration.occurrence) | {
        "token": token,
        "registration": registration,
        "notice": text,
        "notice_lang": language,
        "kept": kept,
        "others": list(PrivacyNotice.objects.filter(event=event.pk).order_by("number")),
        "agreed_at": standing.moment(at, registration) if mine and at else None,
        "is_present": kept is None or kept.digest == now.digest,
    }
    return render(request, "events/registration/privacy.html", context)
