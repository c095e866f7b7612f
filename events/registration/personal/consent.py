"""The end of a form: the box with which somebody agrees, and the mark of the notice that was beside it."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from events.models import Window

from ..person_form import PersonForm
from .notice import Notice
from .sections import CONSENT

CHANGED = _("The privacy notice has changed since you opened this page. Read it, then tick this box again.")


class ConsentForm(PersonForm):
    """Nobody agrees to what they have not been shown: a form whose notice has changed meanwhile comes back unticked.

    Everything else stays as it was written. A form that names no notice is taken as it is: it comes
    from a page older than these, or from a program.
    """

    consent = forms.BooleanField(
        label=CONSENT,
        help_text=_("For nothing else. Who reads them and how long they are kept stands in the privacy notice."),
        error_messages={"required": _("Without your consent we may not keep your registration.")},
        widget=forms.CheckboxInput(attrs={"data-unkept": ""}),  # no device ticks it again for anybody
    )
    notice = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self, window: Window, data: QueryDict | None = None, *args: Any, notice: Notice | None = None, **kwargs: Any
    ) -> None:
        now = notice.mark if notice else ""
        initial = {**(kwargs.pop("initial", None) or {}), "notice": now}
        read = data.get("notice", now) if data is not None else now
        self.notice_changed = read not in ("", now)
        if data is not None and read != now:
            data = data.copy()
            data["notice"] = now
            if self.notice_changed:
                data.pop("consent", None)
        super().__init__(window, data, *args, initial=initial, **kwargs)
        if self.notice_changed:
            self.fields["consent"].error_messages["required"] = CHANGED
