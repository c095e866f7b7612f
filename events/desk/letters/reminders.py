"""Letters that leave by themselves, in the admin: their rules, and the usual ones at a click."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, ObjectList
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.log_actions import log

from events.models import Event, Reminder
from pages.desk.trilingual import TrilingualColumn
from pages.desk.viewset import TableViewSet

from ..of_an_event import EventFilter, TableCreateView, TableEditView, TableIndexView
from ..on_event import OnEvent, edit_url
from .reminders_panel import MomentPanel, told


class ReminderFilterSet(WagtailFilterSet):
    event = EventFilter()

    class Meta:
        model = Reminder
        fields = ["kind"]


class ReminderForm(WagtailAdminModelForm):
    """A rule stays with its event, and what it sends stays the same letter."""

    def clean_event(self) -> Event:
        event: Event = self.cleaned_data["event"]
        if self.instance.pk and event.pk != Reminder.objects.get(pk=self.instance.pk).event_id:
            raise ValidationError(_("A rule stays with its event: add another one there."), code="event")
        return event

    def clean_kind(self) -> str:
        kind = str(self.cleaned_data["kind"])
        if self.instance.pk and kind != Reminder.objects.get(pk=self.instance.pk).kind:
            raise ValidationError(_("Add another rule for another letter."), code="kind")
        return kind


class ReminderIndexView(TableIndexView):
    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().annotate(written=Sum("mailings__letters"))

    @cached_property
    def columns(self) -> list[Column]:
        title = self._get_title_column_class(TitleColumn)
        return [
            title("when", label=_("When"), get_url=self.get_edit_url),
            Column("kind", label=_("Letter"), accessor="get_kind_display", sort_key="kind"),
            Column(
                "attendance", label=_("To whom"), accessor=lambda rule: rule.get_attendance_display() or _("everybody")
            ),
            TrilingualColumn("event", accessor="event.title", label=_("Event")),
            Column("written", label=_("Letters written"), accessor=lambda rule: rule.written or 0),
        ]


class ReminderViewSet(TableViewSet):
    model = Reminder
    name = "reminders"
    icon = "mail"
    menu_label = gettext_lazy("Letters by themselves")
    index_view_class = ReminderIndexView
    add_view_class = TableCreateView
    edit_view_class = TableEditView
    filterset_class = ReminderFilterSet
    edit_handler = ObjectList(
        [
            HelpPanel(
                content=gettext_lazy(
                    "A letter leaves to everybody who has a place then. Days are counted on the clock of the event’s "
                    "zone, to the same hour. Nothing leaves after the beginning but the thanks, and nobody gets the "
                    "same letter twice; an event that moves has another one for its new date. How to join is told "
                    "to who registers later too, and never before the link is shown."
                )
            ),
            FieldPanel("event"),
            FieldPanel("kind"),
            FieldPanel("attendance"),
            FieldRowPanel([FieldPanel("amount"), FieldPanel("unit")]),
            MomentPanel(heading=gettext_lazy("When it leaves")),
        ],
        base_form_class=ReminderForm,
    )


class ProposeView(OnEvent):
    """The usual rules, with their moments, made at a click where an event has none yet."""

    template_name = "desk/reminders_proposed.html"
    page_title = gettext_lazy("The usual letters")
    header_icon = "mail"
    needs = "change"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm("events.add_reminder"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        has_rules = self.event.reminders.exists()
        return super().get_context_data(**kwargs) | {
            "event": self.event,
            "has_rules": has_rules,
            "rules": [] if has_rules else [told(rule) for rule in Reminder.objects.usual(self.event)],
            "back_url": edit_url(self.event),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        made = Reminder.objects.propose(self.event)
        for rule in made:
            log(rule, "wagtail.create", user=request.user)
        if made:
            text = ngettext("%(count)d rule was added.", "%(count)d rules were added.", len(made))
            messages.success(request, text % {"count": len(made)})
        return HttpResponseRedirect(edit_url(self.event), status=303)
