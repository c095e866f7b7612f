"""The letters about one's own data: the link to them, and that they are erased."""

from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from events.models import Event
from letters.kinds import kind
from letters.models import Letter
from pages.trilingual import shown

from .. import links

Told = dict[str, Any] | None


@kind("my_data", _("link to one’s own data"))
def my_data(letter: Letter) -> Told:
    """What opens the page with all that is known of this address, for an hour."""
    return {
        "subject": gettext("Your data"),
        "link": links.data_address(letter, get_language() or "fr"),
    }


@kind("erased", _("data erased"))
def erased(letter: Letter) -> Told:
    """That it was done; the last letter, without a name and without a link."""
    events = Event.objects.filter(uid__in=letter.facts.get("waiting", [])).order_by("starts_at", "pk")
    return {
        "subject": gettext("Your data have been erased"),
        "waiting": [shown(event.title).text for event in events],
    }
