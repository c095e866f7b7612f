"""Addresses of the feeds, below ``/ical/``: each ends in .ics and none has a query."""

from django.urls import path, register_converter

from events.calendars import views
from events.calendars.mine import mine

app_name = "calendars"


class CodeConverter:
    """The code of a region, kind, objective or event."""

    regex = "[A-Za-z0-9_-]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: object) -> str:
        return str(value)


register_converter(CodeConverter, "calendar_code")

urlpatterns = [
    path("<slug:language>/all.ics", views.feed, name="all"),
    path("<slug:language>/archive.ics", views.feed, {"archive": True}, name="archive"),
]
for scope in ("region", "kind", "objective"):
    urlpatterns += [
        path(f"<slug:language>/{scope}/<calendar_code:code>.ics", views.feed, {"scope": scope}, name=scope),
        path(
            f"<slug:language>/{scope}/<calendar_code:code>/archive.ics",
            views.feed,
            {"scope": scope, "archive": True},
            name=f"{scope}-archive",
        ),
    ]
urlpatterns += [
    path("<slug:language>/event/<uuid:code>.ics", views.feed, {"scope": "event"}, name="event"),
    path("<slug:language>/mine/<slug:token>.ics", mine, name="mine"),
    path("", views.not_found),
    path("<path:rest>", views.not_found),
]
