"""Addresses of calendars and news feeds, to open and to subscribe to."""

from typing import Any

from django import template

from events.calendars.subscription import (
    Subscription,
    Syndication,
    personal,
    subscribe_url,
    subscription,
    syndication,
)
from events.models import CalendarKey

register = template.Library()


@register.simple_tag
def calendar_feed(scope: str, code: Any = None) -> Subscription:
    """The calendar of everything ("all"), or of one region, kind, objective or event."""
    return subscription(scope, code)


@register.simple_tag
def own_feed(registration: Any) -> Subscription | None:
    """The private calendar of the person whose registration this is, if they have one."""
    key = CalendarKey.objects.of(registration.email_key)
    return personal(key.token) if key is not None and key.token else None


@register.simple_tag
def event_feed(region: Any = None) -> Syndication:
    """The meetings, of one region if its code is given, for what reads news."""
    return syndication("region", region) if region else syndication()


@register.simple_tag
def subscribe_page() -> str:
    """The page that tells all ways to subscribe."""
    return subscribe_url()
