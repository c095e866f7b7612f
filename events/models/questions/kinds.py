"""The kinds of questions, when one is asked, and those that the product knows itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What an answer is."""

    TEXT = "text", _("one line of text")
    LONG_TEXT = "long_text", _("several lines of text")
    CHOICE = "choice", _("one of several choices")
    SEVERAL = "several", _("any of several choices")
    COUNTRY = "country", _("a country")
    LANGUAGES = "languages", _("languages")
    DATE = "date", _("a date")
    FILE = "file", _("a file")
    CONSENT = "consent", _("a consent, by ticking a box")


WITH_CHOICES = (Kind.CHOICE, Kind.SEVERAL)
"Those whose choices the editor writes."
COUNTED = (Kind.CHOICE, Kind.SEVERAL, Kind.COUNTRY, Kind.LANGUAGES, Kind.CONSENT)
"Those by whose answers one filters and counts: each of their keys is a row."

YES = "yes"
"The key of a consent that was given."


class Stage(models.TextChoices):
    """When a question is asked."""

    REGISTRATION = "registration", _("on the registration form")
    PLACE = "place", _("only of who has a place, on their own page")


class Subject(models.TextChoices):
    """The questions that the product knows, so that badges, lists and figures understand their answers."""

    POSITION = "position", _("function")
    COLLEGE = "college", _("college")
    SPEAKS = "speaks", _("languages spoken")
    UNDERSTANDS = "understands", _("languages understood")
    DIETARY = "dietary", _("dietary needs")
    ACCESS = "access", _("accessibility needs")
    PHOTO = "photo", _("consent to photographs")
    LIST = "list", _("consent to appear in the list of participants")
