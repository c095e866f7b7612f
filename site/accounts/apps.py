from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added
        from django.contrib.auth.models import User
        from django.db.models.signals import post_save
        from wagtail.permissions import register_permission_policy

        # The kinds of letters are known to the worker too.
        from . import factor, letters, sessions  # noqa: F401
        from .models import Person

        authenticator_added.connect(factor.end_other_sessions)
        post_save.connect(sessions.end_when_closed, sender=User)
        register_permission_policy(Person, exact_class=True)  # else Wagtail's for users, its base, would hold
