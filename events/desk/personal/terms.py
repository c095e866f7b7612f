"""The terms of an event: who answers for its people's data and how long they are kept, in words and as a form."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from i18nfield.strings import LazyI18nString
from wagtail.admin import messages
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import Panel
from wagtail.log_actions import log

from events.models import Event, Question, SeatPool
from events.models.personal.terms import DataDefaults, DataTerms, last_day, told_days
from events.models.questions.kinds import Subject
from pages.desk.trilingual import TrilingualTextarea

from ..on_event import NAMES, OnEvent, edit_url

RIGHT = "events.change_dataterms"
SAID = ["controller", "address", "email", "officer", "keep_days", "more", "hands_out_list"]
"What an event says for itself."


def told(event: Event) -> list[str]:
    """What holds for the people of an event, in a few sentences."""
    terms = DataTerms.of(event)
    said = [_("%(controller)s answers for the data.") % {"controller": terms.called}]
    if terms.email:
        said.append(_("Questions go to %(email)s.") % {"email": terms.email})
    ends, length = last_day(event), told_days(terms.keep_days or 0)
    if ends is None:
        said.append(_("Data are deleted %(length)s after the last date of the series.") % {"length": length})
    else:
        day = date_format(ends + dt.timedelta(days=terms.keep_days or 0), "DATE_FORMAT")
        said.append(
            _("Data are deleted %(length)s after the end, on %(day)s; figures stay.") % {"length": length, "day": day}
        )
    if terms.hands_out_list:
        said.append(_("Participants receive the list of those who agreed to stand in it."))
        if not Question.objects.filter(event=event, subject=Subject.LIST).asked().exists():
            said.append(_("Nobody is asked for that consent yet: add the question, or the list stays empty."))
    return said


class TermsForm(WagtailAdminModelForm):
    """What is left empty is as for all meetings, which is told beside it."""

    class Meta:
        model = DataTerms
        fields = SAID
        widgets = {"more": TrilingualTextarea}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        common = DataDefaults.current()
        self.fields["address"].widget.attrs["rows"] = 3
        for name, empty in (
            ("controller", DataTerms(controller=common.controller).called),
            ("keep_days", str(common.keep_days)),
        ):
            self.fields[name].help_text = _("Left empty: %(usual)s, as for all meetings.") % {"usual": empty}
        self.fields["email"].help_text = _("Left empty: as for all meetings, else the contact of the event.")


class TermsView(OnEvent):
    """What is kept here is what people read before they agree, from now on; what others agreed to stays theirs."""

    template_name = "desk/data_terms.html"
    page_title = gettext_lazy("Personal data")
    header_icon = "lock"
    needs = "change"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm(RIGHT):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.get("form") or TermsForm(instance=_own(self.event), for_user=self.request.user)
        return super().get_context_data(**kwargs) | {
            "event": self.event,
            "form": form,
            "media": form.media,
            "stands": told(self.event),
            "notice_url": notice_url(self.event),
            "back_url": edit_url(self.event),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = TermsForm(request.POST, instance=_own(self.event), for_user=request.user)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        if settle(self.event, {name: form.cleaned_data[name] for name in SAID}, request.user):
            messages.success(request, _("This is what people read from now on, before they agree."))
        else:
            messages.info(request, _("That had been done already: nothing has changed."))
        return HttpResponseRedirect(request.path, status=303)


def _own(event: Event) -> DataTerms:
    return DataTerms.objects.filter(event=event).first() or DataTerms(event=event)


def settle(event: Event, said: dict[str, Any], by: Any) -> bool:
    """This holds from now on; False if it did already. The form and the privacy notice tell it at once."""
    with transaction.atomic():
        SeatPool.objects.hold(event.pk)  # nobody else changes it meanwhile
        terms = _own(event)
        was = {name: _plain(getattr(terms, name)) for name in SAID}
        becomes = {name: _plain(value) for name, value in said.items()}
        changed = {name: [was[name], becomes[name]] for name in SAID if was[name] != becomes[name]}
        if not changed:
            return False
        for name, value in said.items():
            setattr(terms, name, value)
        log(event, "events.data_terms", user=by, data={"changed": changed})
        terms.save()  # and a new edition
    return True


def _plain(value: Any) -> Any:
    """As it stands in the log; an empty text is the same in whatever form."""
    said = value.data if isinstance(value, LazyI18nString) else value
    return {code: text for code, text in said.items() if text} or "" if isinstance(said, dict) else said


def notice_url(event: Event) -> str:
    """Where people read it, if they can register."""
    is_read = event.live and event.registration == Event.RegistrationMode.HERE
    return reverse("privacy_notice", args=[event.uid]) if is_read else ""


class TermsPanel(Panel):
    """On the form of an event: what holds for its people's data, in words."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "desk/data_terms_panel.html"

        def is_shown(self) -> bool:
            return bool(self.request and self.request.user.has_perm(RIGHT))

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            if not self.instance.pk:
                return context | {"saved": False}
            event = Event.objects.get(pk=self.instance.pk)
            return context | {
                "saved": True,
                "stands": told(event),
                "notice_url": notice_url(event),
                "url": reverse(f"{NAMES}:data_terms", args=[event.pk]),
            }
