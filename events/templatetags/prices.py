"""Prices in templates, as people read them in their language."""

from django import template

from events.calendars import prices

register = template.Library()


@register.simple_tag
def price(amount: int, currency: str) -> str:
    """An amount of minor units with its currency: "60,00 €"."""
    return prices.told(amount, currency)
