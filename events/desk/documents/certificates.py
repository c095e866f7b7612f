"""Certificates of attendance of one event: who has one, who has none, and issuing them.

Staff issue; whoever cares for the registrations of the event by a mandate reads. So many are
made at one click; the next click goes on, and nobody ever gets two.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import OperationalError
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import log

from events.models import Certificate, DataAccess, Event, Occurrence, Registration
from events.models.certificate import NotYet, attended, is_number, number_of
from events.models.registration_states import State
from events.registration.event_shown import moment as at_place
from pages import busy
from pages.desk.lookup import FoldedLookup
from pages.trilingual import shown

from .. import policies
from ..registrations.dates import date_of, told

PER_PAGE = 100
AT_ONCE = 1000
"Certificates that one click makes at most: some seconds; the next click goes on."
WITHOUT, WITH, REVOKED = "without", "with", "revoked"


class OfCertificates(WagtailAdminTemplateMixin, TemplateView):
    """A screen about the certificates of one event, for whoever sees all its registrations; others find nothing."""

    header_icon = "doc-full"
    needs = "view"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not policies.sees_people_of(request.user, self.event):
            raise PermissionDenied
        if self.needs == "change" and not self.may_issue:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def event(self) -> Event:
        """Nobody learns that it exists who does not see it."""
        events = policies.events.instances_user_has_any_permission_for(self.request.user, {"view", "change"})
        found: Event = get_object_or_404(events, **self.asked_for())
        return found

    def asked_for(self) -> dict[str, Any]:
        return {"uid": self.kwargs["uid"]}

    @cached_property
    def may_issue(self) -> bool:
        return policies.registrations.user_has_permission(self.request.user, "change")

    def get_page_subtitle(self) -> str:
        return shown(self.event.title).text

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": f"{reverse('registrations:index')}?event={self.event.pk}", "label": _("Registrations")},
            {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()},
        ]


class CertificatesView(FoldedLookup, OfCertificates):
    """Who had a place, with the certificate if there is one; who can have one is ticked, or everybody is taken."""

    template_name = "desk/certificates.html"
    page_title = gettext_lazy("Certificates of attendance")
    search_fields = ["name", "latin_name", "email", "organisation"]

    # -- who

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.search_query = request.GET.get("q", "").strip()[:100]
        self.is_searching = bool(self.search_query)

    @cached_property
    def dates(self) -> list[Occurrence]:
        """The dates for which somebody has a place, the soonest first."""
        rows = Registration.objects.filter(event=self.event, occurrence__isnull=False, state=State.CONFIRMED)
        found = Occurrence.objects.filter(pk__in=rows.order_by().values("occurrence"))
        return list(found.select_related("event").order_by("starts_at"))

    @cached_property
    def date(self) -> Occurrence | None:
        asked = self.request.GET.get("date", "")
        return next((date for date in self.dates if str(date.pk) == asked), None)

    def of_date(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(occurrence=self.date) if self.date else rows

    @cached_property
    def everybody(self) -> QuerySet[Any]:
        """Who has a place, and who has or had a certificate without one."""
        certificates = Certificate.objects.filter(registration=OuterRef("pk"))
        rows = Registration.objects.filter(event=self.event).annotate(
            stands=Exists(certificates.standing()), was_revoked=Exists(certificates.exclude(revoked_at=None))
        )
        return self.of_date(rows.filter(Q(state=State.CONFIRMED) | Q(stands=True) | Q(was_revoked=True)))

    @cached_property
    def which(self) -> str:
        asked = self.request.GET.get("which", "")
        return asked if asked in (WITHOUT, WITH, REVOKED) else ""

    def found(self) -> QuerySet[Any]:
        rows = {
            WITHOUT: self.everybody.filter(stands=False, state=State.CONFIRMED),
            WITH: self.everybody.filter(stands=True),
            REVOKED: self.everybody.filter(was_revoked=True),
        }.get(self.which, self.everybody)
        number = number_of(self.search_query)
        rows = rows.filter(certificates__number=number) if is_number(number) else self.search_queryset(rows)
        mine = Prefetch("certificates", Certificate.objects.order_by("-pk"), to_attr="its_certificates")
        return rows.select_related("event", "occurrence").prefetch_related(mine).order_by("name", "pk")

    @cached_property
    def missing(self) -> int:
        """How many can have one now and have none."""
        return self.of_date(Certificate.objects.missing(self.event)).count()

    # -- what is shown

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(self.found(), PER_PAGE).get_page(self.request.GET.get("p"))
        people = list(page)
        narrowed = {"which": self.which, "date": self.date.pk if self.date else None}
        filters: dict[str, Any] = {name: value for name, value in narrowed.items() if value}
        DataAccess.objects.note(
            self.request.user,
            DataAccess.What.CERTIFICATES,
            event=self.event,
            people=len(people),
            search=self.is_searching,
            page=page.number,
            **filters,
        )
        can = set(attended(self.event).filter(pk__in=[row.pk for row in people]).values_list("pk", flat=True))
        return super().get_context_data(**kwargs) | {
            "event": self.event,
            "people": [_line(row, row.pk in can) for row in people],
            "page": page,
            "which": self.which,
            "q": self.search_query,
            "dates": [(date, told(date)) for date in self.dates],
            "date": self.date,
            "counts": self.counts(),
            "missing": self.missing,
            "at_once": min(self.missing, AT_ONCE),
            "may_issue": self.may_issue,
            "not_yet": self.not_yet(),
            "numbers_url": reverse("certificates:numbers", args=[self.event.uid]),
            "registrations_url": f"{reverse('registrations:index')}?event={self.event.pk}",
        }

    def counts(self) -> list[tuple[str, str, int]]:
        """The ways to narrow the list: name, label, how many."""
        rows = self.everybody
        return [
            ("", _("All"), rows.count()),
            (WITHOUT, _("Without a certificate"), rows.filter(stands=False, state=State.CONFIRMED).count()),
            (WITH, _("With a certificate"), rows.filter(stands=True).count()),
            (REVOKED, _("Revoked once"), rows.filter(was_revoked=True).count()),
        ]

    def not_yet(self) -> str:
        """Why none can be issued now, or not for everything; empty if there is nothing to say."""
        event = self.event
        if event.status in Event.CALLED_OFF:
            return _("This meeting was called off: there is nothing to certify.")
        if self.date is not None:
            if not self.date.takes_place:
                return _("This date was called off: there is nothing to certify.")
            if attended(event).filter(occurrence=self.date).exists():
                return ""
            return _("This date is not over yet: certificates can be issued from %(moment)s.") % {
                "moment": at_place(self.date.ends_at, event)
            }
        if event.is_over:
            return ""
        if event.by_date:
            return _("Certificates can be issued for each date once it is over.")
        if event.recurs:
            return _("This series is not over yet: certificates can be issued after its last date.")
        assert event.ends_at is not None
        return _("This meeting is not over yet: certificates can be issued from %(moment)s.") % {
            "moment": at_place(event.ends_at, event)
        }

    # -- issuing

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.may_issue:
            raise PermissionDenied
        missing = self.of_date(Certificate.objects.missing(self.event))
        ticked = [pk for pk in request.POST.getlist("registration") if pk.isascii() and pk.isdecimal() and len(pk) < 19]
        if "all" in request.POST:
            self.issue(missing.order_by("pk")[:AT_ONCE])
        elif not ticked:
            messages.error(request, _("Nobody is ticked: nothing was done."))
        else:
            people = Registration.objects.filter(event=self.event, pk__in=ticked[:PER_PAGE]).count()
            self.issue(missing.filter(pk__in=ticked[:PER_PAGE]), people)
        return HttpResponseRedirect(request.get_full_path(), status=303)

    def issue(self, rows: QuerySet[Registration], ticked: int = 0) -> None:
        """Make them, and say how many, why not all, and what is left."""
        user: Any = self.request.user
        made, trouble = 0, ""
        try:
            made = len(Certificate.objects.issue(list(rows), user))
        except NotYet:
            trouble = _("Something has changed meanwhile, and not everybody could have one: look at the list again.")
        except OperationalError as error:  # a lock was not had in time; what is made stays
            busy.note(error)
            trouble = _("Many people are at work at once. Nothing is lost: please send it again.")
        if made:
            log(self.event, "events.issue_certificates", user=user, data={"count": made})
            said = ngettext(
                "%(count)d certificate is issued; a letter tells of it.",
                "%(count)d certificates are issued; a letter tells each person of it.",
                made,
            )
            messages.success(self.request, said % {"count": made})
        if trouble:
            messages.error(self.request, trouble)
        elif ticked > made:
            said = ngettext(
                "%(count)d person gets none: there is one that stands, or what it is for is not over.",
                "%(count)d people get none: there is one that stands, or what it is for is not over.",
                ticked - made,
            )
            messages.warning(self.request, said % {"count": ticked - made})
        elif not made:
            messages.info(self.request, _("That had been done already: nothing has changed."))
        elif not ticked and (left := self.of_date(Certificate.objects.missing(self.event)).count()):
            said = ngettext(
                "%(count)d person is still without: send it once more.",
                "%(count)d people are still without: send it once more.",
                left,
            )
            messages.warning(self.request, said % {"count": left})


def _line(row: Any, can: bool) -> dict[str, Any]:
    """One person as the list shows them."""
    certificates: list[Certificate] = row.its_certificates
    standing = next((one for one in certificates if one.is_standing), None)
    return {
        "row": row,
        "date": date_of(row),
        "standing": standing,
        "revoked": [one for one in certificates if not one.is_standing],
        "can": can and standing is None,
        "has_place": row.is_confirmed,
        "differs": standing is not None and not standing.is_nameless and standing.facts["person"]["name"] != row.name,
    }
