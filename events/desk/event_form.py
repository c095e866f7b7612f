"""The form of an event: its tabs, and what it checks beyond the model."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import (
    WagtailAdminModelForm,
    register_form_field_override,
)
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
)

from events.models import Event
from events.models.fields import RecurrenceField
from events.models.first_date import objection
from pages.desk.choices import OwnChoices
from regions.mandates import regions_in_care
from regions.models import Region

from . import beside, policies
from .dates import exceptions, rule_form
from .dates.rule_choices import too_early
from .languages_panel import EventLanguagesPanel
from .panels import kept
from .registration_panels import REGISTRATION

MAKING = "events.add_event"
"What joins events together, and the staff's note, is for those who make events."

TYPED: dict[str, Any] = {"form_class": rule_form.RuleField, "widget": rule_form.RuleInput}
register_form_field_override(RecurrenceField, override=TYPED)


class EventForm(OwnChoices, WagtailAdminModelForm):
    """Checks what joins several fields, and speaks of it at the field that can mend it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stay_in_care()
        # A wish for one publication: it is never ticked already.
        self.initial["moves_children"] = False
        if not self.instance.pk:
            self.initial["has_waiting_list"] = True  # a new event turns nobody away for good
        self._say_whose_clock()

    def _say_whose_clock(self) -> None:
        """A publication is scheduled on the editor's clock, unlike the event: say so, and what it is at the place."""
        for name in ("go_live_at", "expire_at"):
            if name in self.fields:
                at = getattr(self.instance, name)
                self.fields[name].help_text = beside.whose_clock(at, self.instance.timezone)

    def _stay_in_care(self) -> None:
        """Whoever changes events by a mandate leaves them in the regions that it is for."""
        user = self.for_user
        if user is None or "regions" not in self.fields or policies.events.holds_for_all(user, {"change"}):
            return
        own = Region.objects.filter(pk__in=regions_in_care(user, "events", publishing=True))
        self.fields["regions"].queryset = own  # type: ignore[attr-defined]
        self.fields["regions"].required = True

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self._rule_fits(cleaned)
        self._number_is_free(cleaned)
        self._picture_has_words(cleaned)
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()
        exceptions.judge(self)

    def _picture_has_words(self, cleaned: dict[str, Any]) -> None:
        """A draft may wait for them."""
        if cleaned.get("photo") and not self.is_deferred_validation and "photo_alt" not in self.errors:
            self.instance.photo, self.instance.photo_alt = cleaned["photo"], cleaned.get("photo_alt")
            for name, error in self.instance.picture_errors().items():
                self.add_error(name, error)

    def _rule_fits(self, cleaned: dict[str, Any]) -> None:
        start, recurrence = cleaned.get("start_local"), cleaned.get("recurrence")
        refused = (too_early(recurrence, start) or objection(recurrence, start)) if start else None
        if refused:
            self.add_error("recurrence", refused)

    def _number_is_free(self, cleaned: dict[str, Any]) -> None:
        series, ordinal = cleaned.get("series"), cleaned.get("ordinal")
        if series is None or ordinal is None:
            return
        other = Event.objects.filter(series=series, ordinal=ordinal).exclude(pk=self.instance.pk).first()
        if other is not None:
            self.add_error(
                "ordinal",
                ValidationError(
                    _("“%(title)s” already has number %(ordinal)d in this series."),
                    code="unique",
                    params={"title": other.title, "ordinal": ordinal},
                ),
            )


def _many(name: str, **kwargs: Any) -> FieldPanel:
    return FieldPanel(name, widget=forms.CheckboxSelectMultiple, **kwargs)


PICTURE = MultiFieldPanel(
    [FieldPanel("photo"), FieldPanel("photo_alt"), FieldPanel("photo_credit")],
    heading=_("Picture"),
    classname="collapsed",
)
WHAT = [
    kept("title", help_text=_("French is required. A language left empty shows the French, and says so.")),
    FieldPanel("theme", help_text=_("A line below the title: what this meeting is about. May be left empty.")),
    PICTURE,
    FieldRowPanel(
        [
            kept("kind", help_text=_("Decides under which heading and in which calendars the event is found.")),
            kept(
                "status",
                help_text=_("“Date to be confirmed” says that the dates may change. What is over is seen by itself."),
            ),
        ]
    ),
    FieldPanel("replacement", permission=MAKING),
    MultiFieldPanel(
        [
            FieldRowPanel(
                [
                    FieldPanel(
                        "series", permission=MAKING, help_text=_("For a numbered meeting: the run in which it counts.")
                    ),
                    FieldPanel(
                        "ordinal",
                        permission=MAKING,
                        help_text=_("6 for the sixth. Each number is given once in a series."),
                    ),
                ]
            )
        ],
        heading=_("Series"),
    ),
    FieldPanel("staff_note", permission=MAKING),
]
WHEN = [
    HelpPanel(
        content=_(
            "Type the hours as the clock on the wall shows them at the place, whatever your own time zone. "
            "Nothing is converted."
        )
    ),
    kept("timezone"),
    FieldPanel("all_day"),
    FieldRowPanel(
        [
            FieldPanel("start_local", help_text=_("Year-month-day hours:minutes, as in 2027-09-14 09:00.")),
            FieldPanel("end_local", help_text=_("For whole days: the last day, which counts too.")),
        ]
    ),
    beside.HoursPanel(),
    FieldRowPanel([FieldPanel("start_fold"), FieldPanel("end_fold")], classname="desk-folds"),
    MultiFieldPanel(
        [
            FieldPanel(
                "parent",
                permission=MAKING,
                help_text=_("For a Forum or a Consortium meeting held during an Initiative Day: that Day."),
            ),
            FieldPanel("moves_children", permission=MAKING),
        ],
        heading=_("Events inside events"),
    ),
    FieldPanel(
        "recurrence",
        help_text=_("Meetings without a rule, like those of the Bureau, are events of their own."),
    ),
    *exceptions.PANELS,
]
WHERE = [
    kept("format", help_text=_("“On site and online” lets each participant choose; seats are counted for both.")),
    FieldPanel("venue", help_text=_("The building or the room. The address belongs to the text of the page.")),
    FieldPanel("city", help_text=_("As people of each language call it.")),
    FieldPanel("country"),
    MultiFieldPanel(
        [
            FieldRowPanel(
                [
                    FieldPanel("latitude", help_text=_("In degrees, north is positive: 5.359952 for Abidjan.")),
                    FieldPanel("longitude", help_text=_("In degrees, east is positive: -4.008256 for Abidjan.")),
                    FieldPanel("precision", help_text=_("How exactly the point is meant.")),
                ]
            )
        ],
        heading=_("On the map"),
    ),
    _many(
        "regions",
        help_text=_("Where the event is listed, and whose correspondents see it. A region counts for those above it."),
    ),
    MultiFieldPanel(
        [
            FieldPanel("online_platform", help_text=_("Its name, as in “Zoom”: it is shown to all.")),
            FieldPanel("joining_url"),
        ],
        heading=_("Online"),
    ),
]
WHO = [
    InlinePanel(
        "organisers",
        heading=_("Organisers"),
        label=_("Organiser"),
        help_text=_("In the order shown. An organisation that is missing is added in the directory."),
    ),
    kept("access"),
    FieldPanel("languages", help_text=_("Those in which people will speak there; texts are another matter.")),
    FieldPanel("interpretation", help_text=_("Ticked where what is said in one of these languages is interpreted.")),
    _many("objectives", help_text=_("Those that the event works towards; visitors can choose events by them.")),
    _many("facilities"),
]

edit_handler = TabbedInterface(
    [
        ObjectList([*WHAT, EventLanguagesPanel(heading=_("Languages"))], heading=_("What")),
        ObjectList(WHEN, heading=_("When")),
        ObjectList(WHERE, heading=_("Where")),
        ObjectList(WHO, heading=_("Who")),
        ObjectList([*REGISTRATION, PublishingPanel()], heading=_("Registration")),
    ],
    base_form_class=EventForm,
)
