from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added
        from wagtail.permissions import register_permission_policy

        from . import (
            factor,
            letters,  # noqa: F401  (the kinds of letters are known to the worker too)
        )
        from .models import Person

        authenticator_added.connect(factor.end_other_sessions)
        register_permission_policy(Person, exact_class=True)  # else Wagtail's for users, its base, would hold
