"""The correspondent's first page in the admin: what to do, what waits, how long the mandate lasts."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.models import Q
from django.forms import Media
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component
from wagtail.admin.views.home import RecentEditsPanel, UserObjectsInWorkflowModerationPanel

from pages.trilingual import shown

from .mandate_rows import told_day, told_languages, told_matters, told_state
from .mandates import held_by, oversees_all, reach
from .models import Mandate, NewsPage, RegionPage, Review
from .rights import WRITING

NAMED = 8
"Drafts and answers named; the others are behind the links."


class Door(NamedTuple):
    """Something that a mandate lets somebody do: its words and its address."""

    text: str
    url: str


class Figure(NamedTuple):
    """A number and what it counts."""

    number: int
    text: str


NOT_FOR_CORRESPONDENTS = {"reports", "help"}

doors: list[Callable[[Any], list[Door]]] = []
"What else somebody may do by mandate, asked of the rooms above: they append their answers."

figures: list[Callable[[set[int], bool], list[Figure]]] = []
"The numbers of some regions (their keys; with those of people or not), asked of the rooms above in the same way."


def is_correspondent(user: Any) -> bool:
    """Whether somebody is in the admin by mandate, rather than as one of the staff."""
    return bool(held_by(user)) and not oversees_all(user)


class Terms(NamedTuple):
    """A mandate, told to the person who holds it."""

    region: Any
    wider: bool
    languages: str
    matters: str
    may_publish: bool
    until: str
    zone: str
    told: str


class Writing(NamedTuple):
    """A region and the addresses at which one writes news for it, by language."""

    region: str
    addresses: list[tuple[str, str, str]]


class CorrespondentPanel(Component):
    """Everything a correspondent does, from one place; in a number of queries that does not grow with the news."""

    name = "correspondent"
    order = 30
    template_name = "desk/correspondent.html"

    def __init__(self, user: Any) -> None:
        self.user = user
        self.held = held_by(user)

    @property
    def media(self) -> Media:
        return Media(css={"all": ["desk/mandates.css"]})

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        regions = reach(self.held)
        return {
            "name": self.user.get_short_name() or self.user.get_username(),
            "terms": [terms(one) for one in self.held],
            "writing": self.writing(),
            "doors": [door for ask in doors for door in ask(self.user)],
            "drafts": self.drafts(),
            "answers": self.answers(),
            "reviews_url": reverse("news_reviews:mine"),
            "figures": self.figures(regions),
        }

    def pages(self) -> list[RegionPage]:
        """The pages below which this person may write."""
        right = WRITING.split(".")[1]
        own = Q(group_permissions__group__user=self.user, group_permissions__permission__codename=right)
        found = RegionPage.objects.filter(own).select_related("locale", "region").distinct()
        return list(found.order_by("region__sort_order", "region__code", "locale_id"))

    def writing(self) -> list[Writing]:
        found: dict[int, Writing] = {}
        for page in self.pages():
            place = found.setdefault(page.region_id, Writing(shown(page.region.name).text, []))
            language = page.locale
            address = reverse("wagtailadmin_pages:add", args=["regions", "newspage", page.pk])
            place.addresses.append((language.language_code, told_languages([language.language_code]), address))
        return list(found.values())

    def drafts(self) -> list[tuple[NewsPage, str]]:
        """What one has begun and not yet proposed or published, the latest first, with where to go on."""
        waiting = Review.objects.waiting().values("page")
        found = NewsPage.objects.filter(owner=self.user, has_unpublished_changes=True).exclude(pk__in=waiting)
        below = Q(pk__in=[])
        for page in self.pages():
            below |= Q(path__startswith=page.path)
        drafts = found.filter(below).select_related("locale").order_by("-latest_revision_created_at")[:NAMED]
        return [(page, reverse("wagtailadmin_pages:edit", args=[page.pk])) for page in drafts]

    def answers(self) -> list[tuple[Review, str]]:
        """What became of the last items one has proposed, with what was said about them."""
        latest: dict[int, Review] = {}
        proposed = Review.objects.filter(proposer=self.user).select_related("page__locale", "decided_by")
        for review in proposed[: NAMED * 4]:
            latest.setdefault(review.page_id, review)
        return [(one, reverse("news_reviews:show", args=[one.pk])) for one in list(latest.values())[:NAMED]]

    def figures(self, regions: set[int]) -> list[Figure]:
        news = NewsPage.objects.live().filter(_below(regions))
        year = timezone.localdate().year
        people = reach(one for one in self.held if one.registrations)
        return [
            Figure(
                news.filter(date__year=year).values("translation_key").distinct().count(),
                _("news items this year"),
            ),
            *(figure for ask in figures for figure in ask(regions, bool(people) and people >= regions)),
        ]


def terms(mandate: Mandate) -> Terms:
    return Terms(
        shown(mandate.region.name),
        mandate.with_subregions and mandate.region.children.exists(),
        told_languages(mandate.languages),
        ", ".join(told_matters(mandate.matters())),
        mandate.may_publish,
        told_day(mandate.ends_on),
        mandate.region.default_timezone,
        told_state(mandate) if mandate.state() == Mandate.State.ENDING else "",
    )


def _below(regions: set[int]) -> Q:
    found = Q(pk__in=[])
    for path in RegionPage.objects.filter(region__in=regions).values_list("path", flat=True):
        found |= Q(path__startswith=path)
    return found


def furnish(user: Any, panels: list[Any]) -> None:
    """Put the correspondent's page first, and take away what it tells better."""
    panels[:] = [
        panel for panel in panels if not isinstance(panel, RecentEditsPanel | UserObjectsInWorkflowModerationPanel)
    ]
    panels.append(CorrespondentPanel(user))
