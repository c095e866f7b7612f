"""Passwords: chosen from a link by whoever is invited or forgot theirs; the rules are Django's validators."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from . import languages, links, sessions
from .models import Invitation


class ChoosePasswordForm(SetPasswordForm):
    """A new password, typed twice."""

    error_messages = {"password_mismatch": gettext_lazy("The two passwords are not the same.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = gettext_lazy("New password")
        self.fields["new_password2"].label = gettext_lazy("The same once more")
        for field in self.fields.values():
            field.widget.attrs.pop("aria-describedby", None)
            field.widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
            field.widget.is_required = field.required


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind a link: a GET changes nothing, the POST chooses the password, once."""
    user = links.opened(token)
    with override(languages.of(user) if user else languages.asked(request)):
        if user is None:
            return _answer(render(request, "accounts/link_dead.html", status=410))
        form = ChoosePasswordForm(user, request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            if not _set(token, form.cleaned_data["new_password1"]):
                return _answer(render(request, "accounts/link_dead.html", status=410))
            messages.success(request, _("Your password is set. Log in with it."))
            return _answer(HttpResponseRedirect(reverse("account_login")))
        return _answer(render(request, "accounts/choose_password.html", {"form": form, "person": user}))


def _set(token: str, password: str) -> bool:
    """Give the person this password if the link still lives: of two who send at once, one is late."""
    with transaction.atomic():
        user = links.opened(token, lock=True)
        if user is None:
            return False
        set_password(user, password)
        Invitation.objects.filter(user=user).unanswered().update(answered_at=timezone.now())
    return True


def set_password(user: User, password: str, keep: str | None = None) -> None:
    """A new password ends every session of the person, but for the one whose key is to be kept."""
    user.set_password(password)
    user.save(update_fields=["password"])
    sessions.end_all(user, keep=keep)


def _answer(response: HttpResponse) -> HttpResponse:
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response
