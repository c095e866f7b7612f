"""Addresses of regions besides their pages, in each language; included under the language's prefix."""

from django.urls import path, register_converter
from django.utils.text import format_lazy
from django.utils.translation import pgettext_lazy

from . import contact, suggesting


class RegionCode:
    regex = "[A-Za-z0-9_-]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(RegionCode, "region_code")
write = pgettext_lazy("address", "write-to-a-region")
sent = pgettext_lazy("address", "sent")
names = pgettext_lazy("address", "names-of-organisations")

urlpatterns = [
    path(format_lazy("{}/<region_code:code>/", write), contact.contact, name="region_contact"),
    path(format_lazy("{}/<region_code:code>/{}/", write, sent), contact.sent, name="region_contact_sent"),
    path(format_lazy("{}/<str:letters>.json", names), suggesting.suggestions, name="organisation_names"),
]
