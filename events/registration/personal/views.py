"""The privacy notice of an event, for everybody who thinks of registering."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from events.models import Event, RegistrationState

from ..discreet import unkept
from ..event_shown import event_shown
from . import notice


@unkept
@require_safe
def privacy_notice(request: HttpRequest, uid: str) -> HttpResponse:
    """As it is now; whoever agreed to an older one reads that on their own page."""
    event = get_object_or_404(Event.objects.public(), uid=uid)
    if event.window.state == RegistrationState.NONE:
        raise Http404
    text, language = notice.shown_in(notice.of(event).texts, get_language() or "fr")
    context = event_shown(request, event) | {"notice": text, "notice_lang": language}
    return render(request, "events/registration/privacy.html", context)
