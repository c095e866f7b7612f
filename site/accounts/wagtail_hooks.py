"""What the accounts' room adds to Wagtail's admin."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from accounts.desk import PersonViewSet
from letters.desk import jobs

jobs["sessions"] = _("sessions that are over")
hooks.register("register_admin_viewset", PersonViewSet)


@hooks.register("before_create_user")
def invite_instead(request: HttpRequest) -> HttpResponse:
    """Nobody chooses a password for somebody else: people are invited."""
    return HttpResponseRedirect(reverse("people:invite"))


@hooks.register("register_account_menu_item")
def own_account(request: HttpRequest) -> dict[str, Any]:
    return {
        "url": reverse("account_home"),
        "label": _("Password, second factor, sessions"),
        "help_text": _("Change your password, your second factor, and see where you are logged in."),
    }


@hooks.register("register_log_actions")
def actions(registry: Any) -> None:
    registry.register_action("accounts.invite", _("Invite"), _("Invited"))
    registry.register_action("accounts.resend", _("Invite again"), _("Invited again"))
    registry.register_action("accounts.sessions", _("End sessions"), _("Sessions ended"))
    registry.register_action("accounts.factor", _("Take second factor away"), _("Second factor taken away"))
