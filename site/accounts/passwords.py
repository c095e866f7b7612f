"""Passwords: chosen from a link by whoever is invited or forgot theirs, changed by whoever knows theirs.

The rules are Django's validators, told in the reader's language.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from pages import limits

from . import devices, entrance, languages, letters, links, sessions
from .models import Invitation
from .reader import reader

ASKED_FOR_ONE_ACCOUNT = 3
"Links to a new password in an hour for one account."
ASKED_FROM_ONE_MACHINE = 30


def _password(label: Any, autocomplete: str) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=4096, widget=widget)


class ChoosePasswordForm(SetPasswordForm):
    """A new password, typed twice."""

    error_messages = {"password_mismatch": gettext_lazy("The two passwords are not the same.")}
    new_password1 = _password(gettext_lazy("New password"), "new-password")
    new_password2 = _password(gettext_lazy("The same once more"), "new-password")


class ChangePasswordForm(ChoosePasswordForm):
    """The present password, then a new one."""

    old_password = _password(gettext_lazy("Present password"), "current-password")
    field_order = ["old_password", "new_password1", "new_password2"]

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        self.request = request
        super().__init__(request.user, *args)

    def clean_old_password(self) -> str:
        password: str = self.cleaned_data["old_password"]
        if not entrance.is_confirmed(self.request, self.user, password):
            raise ValidationError(entrance.WRONG_AGAIN, code="wrong")
        return password


class ForgottenForm(forms.Form):
    """Whose password is forgotten."""

    name = forms.CharField(
        label=gettext_lazy("User name or e-mail address"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )


@csrf_exempt  # without a referrer a browser sends ``Origin: null``; the secret in the address is what opens
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind a link: a GET changes nothing, the POST chooses the password, once."""
    user = links.opened(token)
    with override(_reading(request, user)):
        if user is None:
            return _discreet(render(request, "accounts/link_dead.html", status=410))
        form = ChoosePasswordForm(user, request.POST if request.method == "POST" else None)
        if request.method != "POST" or not form.is_valid():
            return _discreet(render(request, "accounts/choose_password.html", {"form": form, "person": user}))
        if not _answer(token, form.cleaned_data["new_password1"]):
            return _discreet(render(request, "accounts/link_dead.html", status=410))
        messages.success(request, _("Your password is set. Log in with it."))
        response = _discreet(HttpResponseRedirect(reverse("account_login")))
        devices.remember(request, response, user)
        return response


@sensitive_post_parameters()
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """A new password for whoever types the present one; their other sessions end."""
    user = reader(request)
    if not user.has_usable_password():
        return HttpResponseRedirect(reverse("account_reset_password"))
    form = ChangePasswordForm(request, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            give(user, form.cleaned_data["new_password1"], keep=request.session.session_key)
            update_session_auth_hash(request, user)
        messages.success(request, _("Your password is changed. Your other sessions are ended."))
        return HttpResponseRedirect(reverse("account_home"))
    return render(request, "accounts/change_password.html", {"form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link to a new password; the answer is the same whoever is named."""
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        ask(request, form.cleaned_data["name"])
        return HttpResponseRedirect(reverse("account_reset_password_done"))
    return render(request, "accounts/forgotten.html", {"form": form})


def sent(request: HttpRequest) -> HttpResponse:
    """That a letter leaves if there is somebody to write to."""
    return render(request, "accounts/forgotten_sent.html")


def ask(request: HttpRequest, name: str) -> None:
    """Queue a link for whoever this is; as much is written where nobody is found, or too often."""
    user = entrance.named(name)
    account = f"account {user.pk}" if user else f"name {name.casefold()}"
    may = limits.allowed("reset from", limits.client_address(request), ASKED_FROM_ONE_MACHINE, entrance.HOUR)
    may &= limits.allowed("reset of", account, ASKED_FOR_ONE_ACCOUNT, entrance.HOUR)
    if may and user and user.is_active and user.email and _may_have_one(user):
        letters.send_reset(user)
    else:
        limits.pretend()


def give(user: User, password: str, keep: str | None = None) -> None:
    """A new password ends every session of the person, but for the one whose key is to be kept, and is told them."""
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        sessions.end_all(user, keep=keep)
        letters.tell_change(user, "password_changed")


def _answer(token: str, password: str) -> bool:
    """Give the person this password if the link still lives: of two who send at once, one is late."""
    with transaction.atomic():
        user = links.opened(token, lock=True)
        if user is None:
            return False
        if Invitation.objects.filter(user=user).unanswered().update(answered_at=timezone.now()):
            user.set_password(password)
            user.save(update_fields=["password"])
        else:
            give(user, password)
    return True


def _may_have_one(user: User) -> bool:
    """Somebody whom nobody has invited gets no password by asking for one."""
    return user.has_usable_password() or Invitation.objects.filter(user=user).exists()


def _reading(request: HttpRequest, user: User | None) -> str:
    return languages.of(user) if user and not languages.chosen(request) else languages.here(request)


def _discreet(response: HttpResponse) -> HttpResponse:
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response
