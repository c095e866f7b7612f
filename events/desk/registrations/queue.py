"""The requests that await a decision: all that is needed on one screen, several decided at once.

Each of them is judged on its own: what the reader may not change is not touched and
not named, what can't be done is named with its reason, and the others are done.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem

from events.models import Event, Registration
from events.models.registration_states import State
from events.registration.letters import shipped
from pages.trilingual import Shown, shown
from regions import countries

from .. import policies
from .dates import date_of
from .decisions import DECISIONS, Decision, Refused
from .queue_forms import TOLD, BulkForm, FilterForm
from .screen import DecidersView
from .seats import Left, Seats, named

PAGE = 50
"Requests on one screen, and the most that one POST decides."
OTHERS = 5
"Other registrations of one person that are named."
MARK = 2**63 - 1


def to_decide(user: Any) -> QuerySet[Registration]:
    """The requests on which somebody may decide, the oldest first."""
    rows: QuerySet[Registration] = policies.registrations.narrow(Registration.objects.to_decide(), user, {"change"})
    return rows


@dataclass
class Request:
    """One request as the screen shows it."""

    row: Registration
    title: Shown
    date: str
    ticket: str
    country: str
    seats: list[Left]
    others: list[tuple[str, str]] = field(default_factory=list)
    "Other registrations of the same address: what, and the way there."
    is_ticked: bool = False
    why_not: str = ""

    @property
    def is_full(self) -> bool:
        return not self.row.held and any(one.is_full for one in self.seats)


class QueueView(DecidersView):
    """The queue of one event, or of all events on whose requests the reader may decide."""

    template_name = "desk/requests.html"
    page_title = gettext_lazy("Requests to decide")
    header_icon = "clipboard-list"

    # -- what is shown

    @cached_property
    def waiting(self) -> QuerySet[Registration]:
        rows = to_decide(self.request.user)
        return rows.filter(event=self.event) if self.event else rows

    @cached_property
    def filters(self) -> FilterForm:
        return FilterForm(self.waiting, self.event, self.request.GET)

    @cached_property
    def page(self) -> Any:
        rows = self.filters.narrow(self.waiting).select_related("event", "ticket", "occurrence")
        rows = rows.prefetch_related("event__tickets").annotate(
            history=Count("changes"), notes=Count("changes", filter=Q(changes__verb="note"))
        )
        return Paginator(rows, PAGE).get_page(self.request.GET.get("p"))

    def requests(self, ticked: set[int], told: dict[int, str]) -> list[Request]:
        rows = list(self.page)
        seats = Seats([row.event for row in rows], [row.occurrence_id for row in rows])
        others = self.others(rows)
        return [
            Request(
                row,
                shown(row.event.title),
                date_of(row),
                shown(row.ticket.name).text if row.ticket else "",
                countries.name(row.country) if row.country else "",
                seats.left(row.event, row.place),
                others[row.pk],
                row.pk in ticked,
                told.get(row.pk, ""),
            )
            for row in rows
        ]

    def others(self, rows: Sequence[Registration]) -> dict[int, list[tuple[str, str]]]:
        """By the key of each: what else its address was registered for that the reader may see, the latest first."""
        beside = Registration.objects.filter(email_key__in={row.email_key for row in rows})
        seen = policies.registrations.narrow(beside, self.request.user, {"view", "change"})
        found = defaultdict(list)
        for one in seen.select_related("event", "occurrence").order_by("-created_at", "-pk"):
            found[one.email_key].append(one)
        said: dict[int, list[tuple[str, str]]] = {}
        for row in rows:
            mine = [one for one in found[row.email_key] if one.pk != row.pk]
            said[row.pk] = [(_of(one, row), reverse("registrations:inspect", args=[one.pk])) for one in mine[:OTHERS]]
            if len(mine) > OTHERS:
                address = f"{reverse('registrations:index')}?{urlencode({'q': row.email})}"
                said[row.pk].append((_("%(count)d more") % {"count": len(mine) - OTHERS}, address))
        return said

    def form(self, data: Any = None) -> BulkForm:
        return BulkForm({row.language for row in self.page}, data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or self.form()
        requests = self.requests(kwargs.pop("ticked", set()), kwargs.pop("told", {}))
        return super().get_context_data(**kwargs) | {
            "event": self.event,
            "filters": self.filters,
            "is_filtered": any(self.filters.data.get(name) for name in self.filters.fields),
            "page": self.page,
            "turn": self.turn,
            "requests": requests,
            "bulk": form,
            "decisions": [DECISIONS[verb] for verb in TOLD],
            "placeholders": ", ".join(f"{{{name}}}" for name in shipped.COMMON),
            "here": self.request.get_full_path(),
            "line_url": reverse("registrations:line", args=[self.event.uid]) if self.event else "",
        }

    @property
    def turn(self) -> str:
        """What an address of another page of this list begins with."""
        asked = self.request.GET.copy()
        asked.pop("p", None)
        return f"?{asked.urlencode()}{'&' if asked else ''}p="

    # -- what is decided

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = _numbers(request.POST.getlist("id"))
        rows = self.chosen(asked)
        form = BulkForm({row.language for row in rows} | {row.language for row in self.page}, request.POST)
        if not asked:
            form.add_error(None, _("Tick those whom it is about."))
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form, ticked=set(asked)), status=422)
        refused = self.carry_out(form, rows)
        if missing := len(asked) - len(rows):
            text = ngettext("%(count)d request was not found.", "%(count)d requests were not found.", missing)
            messages.warning(request, text % {"count": missing})
        if not refused:
            return HttpResponseRedirect(request.get_full_path(), status=303)
        for name in ("page", "waiting", "filters"):
            self.__dict__.pop(name, None)
        again = {row.pk for row in rows if row.pk in refused}
        return self.render_to_response(self.get_context_data(form=form, ticked=again, told=refused))

    def chosen(self, asked: Sequence[int]) -> list[Registration]:
        """Those of them that the reader may change and that belong to this queue, whatever has become of them."""
        rows = Registration.objects.filter(pk__in=asked)
        rows = rows.filter(event=self.event) if self.event else rows
        mine = policies.registrations.narrow(rows, self.request.user, {"change"})
        return list(mine.select_related("event", "ticket", "occurrence").order_by("created_at", "pk"))

    def carry_out(self, form: BulkForm, rows: Sequence[Registration]) -> dict[int, str]:
        """Each in a transaction of its own; by their keys why some were left as they were."""
        decision = DECISIONS[form.cleaned_data["verb"]]
        done, refused = 0, {}
        for row in rows:
            try:
                done += self.decide(decision, form, row)
            except Refused as reason:
                refused[row.pk] = str(reason)
                messages.error(self.request, named(row.name, reason))
        if done:
            messages.success(self.request, _done(decision.verb, done))
        elif not refused and rows:
            messages.info(self.request, _("That had been done already: nothing has changed."))
        return refused

    def decide(self, decision: Decision, form: BulkForm, row: Registration) -> bool:
        """Whether anything changed. Raises Refused, also for what the verb could do elsewhere but not from here."""
        if row.address_waits or (row.state == State.WAITING and decision.verb == "decline"):
            state = row.get_state_display()
            raise Refused(_("It awaits no decision here; it stands at: %(state)s.") % {"state": state})
        return decision.carry_out(row, self.request.user, form.cleaned_data["reason"], form.words(row.language))  # type: ignore[arg-type]


def _numbers(said: Iterable[str]) -> list[int]:
    """The numbers among them, each once; no more than a page has."""
    found = [int(pk) for pk in said if pk.isascii() and pk.isdecimal() and len(pk) < 20]
    return list(dict.fromkeys(pk for pk in found if pk <= MARK))[: PAGE * 2]


def _done(verb: str, count: int) -> str:
    texts = {
        "approve": ngettext("%(count)d request is approved.", "%(count)d requests are approved.", count),
        "decline": ngettext("%(count)d request is declined.", "%(count)d requests are declined.", count),
        "queue": ngettext(
            "%(count)d request is on the waiting list.", "%(count)d requests are on the waiting list.", count
        ),
    }
    return texts[verb] % {"count": count}


def _of(other: Registration, row: Registration) -> str:
    """ "this event, 12 May: cancelled"; of another one, its title and year."""
    state = str(other.get_state_display())
    if other.event_id == row.event_id:
        return " · ".join(filter(None, (_("this event"), date_of(other), state)))
    return f"{shown(other.event.title).text} ({other.event.start_local.year}) · {state}"


# -- the way there


def waiting_count(user: Any) -> int:
    return to_decide(user).order_by().count()


def by_event(user: Any) -> list[tuple[Event, int]]:
    """The events with requests on which somebody may decide, and how many, the soonest first; two queries."""
    counted = to_decide(user).order_by().values_list("event").annotate(people=Count("pk"))
    people = dict(counted)
    return [(event, people[event.pk]) for event in Event.objects.filter(pk__in=people).order_by("starts_at", "pk")]


class QueueItem(MenuItem):
    """With the number of requests, for those who may decide."""

    def is_shown(self, request: HttpRequest) -> bool:
        return policies.registrations.user_has_permission(request.user, "change")

    def render_component(self, request: HttpRequest) -> Any:
        component = super().render_component(request)
        if count := waiting_count(request.user):
            component.label = f"{component.label} ({count})"
        return component


def menu_item(order: int) -> QueueItem:
    return QueueItem(
        gettext_lazy("Requests to decide"),
        reverse("registrations:requests"),
        name="requests",
        icon_name="clipboard-list",
        order=order,
    )
