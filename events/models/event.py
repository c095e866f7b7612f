"""An event: its facts, told once, with drafts and history; its live numbers stand elsewhere."""

import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models, transaction
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)
from wagtail.search import index

from pages.folding import fold
from pages.trilingual import TrilingualField, shown, told_in
from regions.models import Facility, Objective, Region

from . import facts, family
from .agenda import EventQuerySet
from .judged import Judged
from .photograph import Photograph
from .publication import Publication
from .references import without_dangling
from .schedule import Schedule
from .series import Series
from .terms import Terms

if TYPE_CHECKING:
    from .calendar_entry import CalendarEntry

DERIVED = {"starts_at", "ends_at", "sort_title"}
DERIVED_FROM = {"start_local", "start_fold", "end_local", "end_fold", "timezone", "all_day", "title"}


class Event(
    Judged,
    Publication,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    index.Indexed,
    Schedule,
    Terms,
    ClusterableModel,
):
    """Anything with a date that the Initiative holds or takes part in.

    A row has drafts, moderation, history and preview. Publishing a revision
    rewrites every field and child row, so that no live number stands here: seats
    (``SeatPool``), SEQUENCE (``CalendarEntry``), dates (``Occurrence``), tickets
    and registrations are plain tables beside it.
    """

    class Kind(models.TextChoices):
        REGIONAL_MEETING = "regional_meeting", _("regional meeting")
        INITIATIVE_DAY = "initiative_day", _("Initiative Day")
        FORUM = "forum", _("Forum of Partners")
        CONSORTIUM = "consortium", _("Consortium meeting")
        BUREAU = "bureau", _("Bureau meeting")
        TASK_FORCE = "task_force", _("task force")
        WEBINAR = "webinar", _("webinar")
        VIRTUAL_FAIR = "virtual_fair", _("virtual fair")
        CALL = "call", _("call for projects")
        EXTERNAL_EVENT = "external_event", _("external event")
        TRAINING = "training", _("training")
        SIDE_EVENT = "side_event", _("side event")

    class Status(models.TextChoices):
        TENTATIVE = "tentative", _("date to be confirmed")
        SCHEDULED = "scheduled", _("scheduled")
        POSTPONED = "postponed", _("postponed")
        CANCELLED = "cancelled", _("cancelled")

    CALLED_OFF = REPLACED = (Status.POSTPONED, Status.CANCELLED)
    "With these another event may take its place."

    uid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    title = TrilingualField(_("title"))
    theme = TrilingualField(_("theme"), blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.REGIONAL_MEETING)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.SCHEDULED)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("takes place within"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    series = models.ForeignKey(
        Series, verbose_name=_("series"), null=True, blank=True, on_delete=models.PROTECT, related_name="events"
    )
    ordinal = models.PositiveSmallIntegerField(_("number in its series"), null=True, blank=True)
    replacement = models.OneToOneField(
        "self",
        verbose_name=_("replaced by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replaces",
        help_text=_("For a postponed event: the one that takes its place."),
    )
    continues = models.OneToOneField(
        "self",
        verbose_name=_("continues"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="continued_by",
        help_text=_("For a series that goes on otherwise from a date on: the one that ended there."),
    )
    regions = ParentalManyToManyField(Region, verbose_name=_("regions"), blank=True, related_name="events")
    objectives = ParentalManyToManyField(
        Objective, verbose_name=_("strategic objectives"), blank=True, related_name="events"
    )
    facilities = ParentalManyToManyField(Facility, verbose_name=_("facilities"), blank=True, related_name="events")

    contact_email = models.EmailField(_("contact"), blank=True)
    photo = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Left empty: the soil of the region, drawn for this event."),
    )
    photo_alt = TrilingualField(
        _("what the picture shows"),
        blank=True,
        help_text=_("For those who do not see it, in a few words."),
    )
    photo_credit = models.CharField(_("picture credit"), max_length=150, blank=True)
    moves_children = models.BooleanField(
        _("move the events inside along"),
        default=False,
        help_text=_("When this event moves, the events inside it move by as many days and hours."),
    )
    staff_note = models.TextField(_("note"), blank=True, help_text=_("For the staff only."))
    is_demo = models.BooleanField(_("example"), default=False, editable=False)

    sort_title = models.CharField(max_length=300, editable=False, default="", serialize=False)

    objects = EventQuerySet.as_manager()

    search_fields: ClassVar[list[Any]] = [
        *(index.SearchField(f"title_{code}", boost=2) for code in ("fr", "en", "es")),
        *(index.AutocompleteField(f"title_{code}") for code in ("fr", "en", "es")),
        index.SearchField("words"),
        index.FilterField("id"),
        index.FilterField("live"),
        index.FilterField("kind"),
        index.FilterField("status"),
        index.FilterField("format"),
        index.FilterField("access"),
        index.FilterField("starts_at"),
        index.FilterField("registration"),
        index.FilterField("series"),
    ]
    default_exclude_fields_in_copy: ClassVar[list[str]] = ["latest_revision", "uid"]

    class Meta(Schedule.Meta):
        abstract = False
        ordering = ["-starts_at", "-pk"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            *Schedule.Meta.constraints,
            models.UniqueConstraint(
                fields=["series", "ordinal"],
                name="ordinal_once_in_series",
                violation_error_message=_("Another event has this number in the series."),
            ),
            models.CheckConstraint(
                condition=Q(ordinal=None) | Q(series__isnull=False),
                name="ordinal_needs_series",
                violation_error_message=_("A number needs the series it counts in."),
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")),
                name="event_not_in_itself",
                violation_error_message=_("An event can't lie within itself."),
            ),
            models.CheckConstraint(
                condition=Q(continues=None) | ~Q(continues=F("id")),
                name="event_does_not_continue_itself",
                violation_error_message=_("A series can't continue itself."),
            ),
            models.CheckConstraint(
                condition=Q(replacement=None) | ~Q(replacement=F("id")),
                name="event_not_its_replacement",
                violation_error_message=_("An event can't replace itself."),
            ),
        ]
        indexes = [models.Index(fields=["live", "kind"])]

    calendar_entry: "CalendarEntry"

    def __str__(self) -> str:
        return str(self.title)

    # -- what search finds

    def title_fr(self) -> str:
        return shown(self.title, "fr").text

    def title_en(self) -> str:
        return shown(self.title, "en").text

    def title_es(self) -> str:
        return shown(self.title, "es").text

    def words(self) -> str:
        """Everything else an event may be looked for by, in all languages."""
        from regions import countries

        texts = [value for text in (self.theme, self.venue, self.city) for value in _values(text)]
        texts += [countries.name(self.country, code) for code in ("fr", "en", "es") if self.country]
        return " ".join([*texts, str(self.start_local.year)])

    @property
    def told_in(self) -> list[str]:
        """The languages in which this event really has a title."""
        return told_in(self.title)

    # -- time

    @property
    def is_over(self) -> bool:
        """Whether the last date known that is held has passed: derived, never set by anybody.

        A series of which every date is cancelled is over when the last of those has passed.
        """
        if getattr(self, "next_at", None) is not None:  # EventQuerySet.with_next() found a date ahead
            return False
        last: Any = self
        if self.recurs and self.pk:
            dates = self.occurrences.given()
            last = dates.order_by("is_cancelled", "-ends_at").first()
        return bool(last and last.ends_at and last.ends_at <= timezone.now())

    # -- its picture

    @cached_property
    def photograph(self) -> Photograph | None:
        """The picture that an editor chose; None where the ground is shown."""
        return Photograph.of(self)

    def save(self, **kwargs: Any) -> None:  # type: ignore[override]
        """Derive instants and sort key, refuse loops, and save in one transaction."""
        fields = kwargs.get("update_fields")
        if fields is None or DERIVED_FROM & set(fields):
            self.derive_instants()
            self.sort_title = fold(shown(self.title, "fr").text)[:300]
            if fields is not None:
                kwargs["update_fields"] = {*fields, *DERIVED}
        if fields is None or {"parent", "parent_id"} & set(fields):
            family.refuse_loop(self)
        with transaction.atomic():
            super().save(**kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """A draft that was never public goes with its pages and tickets; the database keeps any other."""
        from .pages import EventPage

        with transaction.atomic():
            if not self.live and not self.first_published_at and not self.registrations.exists():
                for page in EventPage.objects.filter(event=self, live=False):
                    page.delete()
                self.pools.filter(taken=0).delete()
                self.tickets.all().delete()
            return super().delete(*args, **kwargs)

    def with_content_json(self, content: dict[str, Any]) -> "Event":
        """A revision brings facts, never an identity."""
        event: Event = super().with_content_json(without_dangling(content))
        event.uid, event.is_demo = self.uid, self.is_demo
        return event

    # -- preview

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        from django.conf import settings

        return list(settings.LANGUAGES)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        from .pages import EventPage

        return EventPage.preview_of(self, request, mode_name)


def _values(value: Any) -> list[str]:
    return list(facts.told(value).values())
