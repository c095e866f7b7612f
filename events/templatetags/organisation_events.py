"""What an organisation takes part in."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.translation import get_language

from events.calendars import rows
from events.models import Event, EventOrganiser
from regions.models import Organisation

register = template.Library()

MOST = 60
"Events shown of one role."


@register.simple_tag(takes_context=True)
def events_of_organisation(context: Any, organisation: Organisation) -> list[dict[str, Any]]:
    """The public events of an organisation by its role in them, the latest first."""
    language = get_language() or settings.LANGUAGE_CODE
    found = []
    for role in EventOrganiser.Role:
        held = EventOrganiser.objects.filter(organisation=organisation, role=role).values("event")
        events = Event.objects.public().filter(pk__in=held).with_facts().order_by("-starts_at", "-pk")[:MOST]
        if listed := rows.rows(events, language, context["request"]):
            found.append({"value": role.value, "role": role.label, "rows": listed})
    return found
