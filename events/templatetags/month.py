"""The agenda as a month: what its page shows."""

from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

from events.calendars import filter_form, month
from events.models import Event
from events.models.filters import CHOICES

register = template.Library()


@register.simple_tag(takes_context=True)
def agenda_month(context: Any) -> dict[str, Any]:
    """The month that the agenda's filter names, with the addresses of its neighbours; kept for the request."""
    kept = getattr(context["request"], "_agenda_month", None)
    if kept is None:
        kept = context["request"]._agenda_month = _month(context)
    return kept


@register.simple_tag(takes_context=True)
def this_month_url(context: Any) -> str:
    """The month of today, with what is chosen in the list."""
    page = context["page"]
    above = page.get_url(context["request"]) or ""
    chosen = page.filter.but(month=f"{timezone.now():%Y-%m}", past=False, year=None)
    return above + chosen.path(get_language() or settings.LANGUAGE_CODE)


def _month(context: Any) -> dict[str, Any]:
    page, request = context["page"], context["request"]
    language = get_language() or settings.LANGUAGE_CODE
    chosen = page.filter
    above = page.get_url(request) or ""

    def address(**changes: Any) -> str:
        return above + chosen.but(**changes).path(language)

    leaf = month.leaf(chosen.narrow(Event.objects.public()), chosen.month, language, request)
    today = f"{timezone.now():%Y-%m}"
    return {
        "leaf": leaf,
        "filter": chosen,
        "options": filter_form.options(chosen, address),
        "action": above,
        "before_url": address(month=leaf.before) if leaf.before >= "1900-01" else "",
        "after_url": address(month=leaf.after) if leaf.after < "2100-01" else "",
        "today_url": address(month=today) if leaf.key != today else "",
        "coming_url": address(month="", past=False),
        "past_url": address(month="", past=True),
        "clear_url": above + chosen.but(**dict.fromkeys(CHOICES, "")).path(language),
    }
