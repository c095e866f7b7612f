"""Addresses of calendars and news feeds, to open and to subscribe to."""

from typing import Any

from django import template

from events.calendars.subscription import Subscription, Syndication, subscribe_url, subscription, syndication

register = template.Library()


@register.simple_tag
def calendar_feed(scope: str, code: Any = None) -> Subscription:
    """The calendar of everything ("all"), or of one region, kind, objective or event."""
    return subscription(scope, code)


@register.simple_tag
def event_feed(region: Any = None) -> Syndication:
    """The meetings, of one region if its code is given, for what reads news."""
    return syndication("region", region) if region else syndication()


@register.simple_tag
def subscribe_page() -> str:
    """The page that tells all ways to subscribe."""
    return subscribe_url()
