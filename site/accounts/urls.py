"""Addresses of everybody who logs in: allauth's for the door and the second factor, ours for the rest."""

from allauth.account import views as door
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import include, path, reverse
from django.views.generic import RedirectView
from wagtail.admin.views.account import LogoutView

from . import home, passwords, sessions

urlpatterns = [
    path("", home.home, name="account_home"),
    path("login/", door.login, name="account_login"),
    path("logout/", door.logout, name="account_logout"),
    path("again/", home.again, name="account_again"),
    path("confirm/", door.reauthenticate, name="account_reauthenticate"),
    path("password/", passwords.change, name="account_change_password"),
    path("password/forgotten/", passwords.forgotten, name="account_reset_password"),
    path("password/forgotten/sent/", passwords.sent, name="account_reset_password_done"),
    path("choose-password/<str:token>/", passwords.choose, name="account_choose_password"),
    path("sessions/", sessions.mine, name="account_sessions"),
    path("factor/", include("allauth.mfa.urls")),
]

entrance = RedirectView.as_view(pattern_name="account_login", query_string=True)
"Where Wagtail's own doors lead."
forgotten = RedirectView.as_view(pattern_name="account_reset_password")


def leave(request: HttpRequest) -> HttpResponseBase:
    """Wagtail's button ends the session; its view forgets the cookie at a mere link, which asks first here."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("account_logout"))
    return LogoutView.as_view()(request)
