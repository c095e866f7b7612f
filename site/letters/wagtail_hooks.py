"""What the letters' room adds to Wagtail's admin."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from letters.desk import HeartbeatPanel, LetterViewSet, may_see_letters

hooks.register("register_admin_viewset", LetterViewSet)


@hooks.register("construct_homepage_panels")
def worker(request: HttpRequest, panels: list[Any]) -> None:
    if may_see_letters(request.user):
        panels.append(HeartbeatPanel())


@hooks.register("register_log_actions")
def actions(registry: Any) -> None:
    registry.register_action("letters.resend", _("Send again"), _("Sent again"))
