"""One state of a component, as the gallery shows it."""

from typing import Any

from django import template
from django.template.loader import get_template

register = template.Library()


@register.simple_tag(takes_context=True)
def component(context: Any, name: str, values: dict[str, Any]) -> str:
    """The component's own template with what the sample gives it, and nothing else of the page."""
    return str(get_template(f"components/{name}").render({**values, "is_sample": True}, context["request"]))
