"""What the page of an event says of itself to programs, and the picture of its own ground."""

from typing import Any

from django import template
from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from events.calendars import rows, structured
from events.models import Event
from regions import pictures, profiles

from .agenda import in_short

register = template.Library()


def ground(event: Event) -> str:
    """The ground of an event: its region's, else that of its kind."""
    return profiles.of_kind(rows.soil(event), event.kind)


@register.simple_tag
def event_picture(event: Event, cut: str = "profile") -> str:
    """The address of an event's own picture: "profile", or "strip" for a phone."""
    return pictures.drawn_url(cut, ground(event), event.uid)


@register.simple_tag
def event_social_picture(event: Event) -> str:
    """The absolute address of the picture that goes with a link to an event: its photograph, else its ground."""
    if event.photograph:
        return event.photograph.shared_url
    return settings.SITE_URL + pictures.social_url(ground(event), event.uid)


@register.simple_tag(takes_context=True)
def event_structured(context: Any, facts: dict[str, Any]) -> dict[str, Any]:
    """The event as schema.org tells it; {} for a draft, which has no address."""
    page, event = context["page"], facts["event"]
    url = page.get_url(context["request"]) if page.pk else None
    if not url or not event.pk:
        return {}
    language = get_language() or settings.LANGUAGE_CODE
    inside = [row.event for row in facts["inside"]]
    near = {row.event.pk: settings.SITE_URL + row.url for row in facts["inside"] if row.url}
    if facts["parent"] and facts["parent"]["url"]:
        near[facts["parent"]["event"].pk] = settings.SITE_URL + facts["parent"]["url"]
    try:
        register_url = settings.SITE_URL + reverse("registration", args=[event.uid])
    except NoReverseMatch:
        register_url = ""
    return structured.event_data(
        event,
        language,
        settings.SITE_URL + url,
        picture=event_social_picture(event),
        description=in_short(event),
        register_url=register_url,
        date=facts["date"],
        dates=[one.occurrence for one in facts["series"].ahead],
        near=near,
        inside=inside,
    )
