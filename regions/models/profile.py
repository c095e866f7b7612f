"""What a correspondent lets the public see of them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Profile(models.Model):
    """A person's own choice: their role alone, or their name, and a picture with it.

    Without a row only the role is shown.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="public_profile")
    shows_name = models.BooleanField(
        _("show my name"), default=False, help_text=_("Otherwise the page of the region shows your role alone.")
    )
    name = models.CharField(
        _("name"), max_length=150, blank=True, help_text=_("As you want it read. Left empty: the name of your account.")
    )
    photo = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Shown with your name only."),
    )

    class Meta:
        verbose_name = _("public profile")
        verbose_name_plural = _("public profiles")

    def __str__(self) -> str:
        return self.shown_name or str(self.person)

    @property
    def shown_name(self) -> str:
        """The name the public reads; empty where the role alone is shown."""
        return (self.name or self.person.get_full_name()) if self.shows_name else ""
