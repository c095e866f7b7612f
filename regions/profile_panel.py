"""On one's own account: what the page of the region shows of a correspondent."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.account import BaseSettingsPanel
from wagtail.images.widgets import AdminImageChooser

from pages.desk.choices import OwnChoices

from .mandates import held_by
from .models import Profile


class ProfileForm(OwnChoices):
    class Meta:
        model = Profile
        fields = ["shows_name", "name", "photo"]
        widgets = {"photo": AdminImageChooser}


class ProfilePanel(BaseSettingsPanel):
    """For those who hold a mandate: nothing is public but what they say here."""

    name = "public_profile"
    title = _("On the page of my region")
    order = 150
    form_class = ProfileForm
    request: HttpRequest

    def is_active(self) -> bool:
        return bool(held_by(self.user))

    def get_form(self) -> ProfileForm:
        profile = Profile.objects.filter(person=self.user).first() or Profile(person=self.user)
        given: dict[str, Any] = {"instance": profile, "prefix": self.name}
        if self.request.method == "POST":
            given |= {"data": self.request.POST, "files": self.request.FILES}
        form = ProfileForm(**given)
        form.for_user = self.user
        return form
