"""What the staff write into the letters of one event, in place of the words that come with the product."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pages.trilingual import TrilingualField


class LetterText(models.Model):
    """Subject and text of one kind of letter about one event; French stands in for a language left empty."""

    event = models.ForeignKey(
        "events.Event", verbose_name=_("event"), on_delete=models.CASCADE, related_name="letter_texts"
    )
    kind = models.CharField(_("letter"), max_length=40)
    subject = TrilingualField(_("subject"), blank=True)
    text = TrilingualField(_("text"), long=True, blank=True)

    class Meta:
        ordering = ["event", "kind"]
        verbose_name = _("text of a letter")
        verbose_name_plural = _("texts of letters")
        constraints = [models.UniqueConstraint(fields=["event", "kind"], name="letter_text_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.event}"
