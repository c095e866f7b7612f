"""The walk: every address that the URL configuration knows, filled with numbers of things that exist."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group
from django.db.models import Model
from django.urls import URLPattern, get_resolver
from django.urls.resolvers import RegexPattern
from django.utils.regex_helper import normalize
from django.utils.translation import override
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    Locale,
    Page,
    Revision,
    Site,
    Task,
    TaskState,
    Workflow,
    WorkflowState,
)
from wagtail_localize.models import Translation, TranslationSource

from events.models import Certificate, Event, Question, Registration, Upload
from pages.translation.rendition import Rendition
from regions.models import Mandate, Organisation, Review

from .secrets import World

PARAMETER = re.compile(r"<(?:(?P<kind>[^>:]+):)?(?P<name>\w+)>")
NOT_WALKED = {
    "admin/failwhale/": "raises on purpose, to show the page of errors",
    "letters/": "on one's own machine alone: every letter on a page, in place of a mail server",
    r"^media/(?P<path>(?!documents/).+)$": "on one's own machine alone: pictures, which a web server serves in public",
}
EVERYWHERE = {"admin/sprite/", "admin/jsi18n/", "admin/localize/jsi18n/"}
"Large and the same for everybody: once is enough."


PAGES = {"page_id", "parent_page_id", "page_to_move_id", "page_pk"}
BULK = ("app_label", "model_name", "action")
LABELS = {"app_label": 0, "content_type_app_name": 0, "app_name": 0, "model_name": 1, "content_type_model_name": 1}
LABELLED = {
    "settings/": [("pages", "sitesettings")],
    "tag-autocomplete/": [("taggit", "tag")],
    "ping/": [("wagtailcore", "page"), ("events", "event")],
    "snippet": [("events", "event")],
}
FIXED: dict[str, list[Any]] = {
    "session_id": [1],
    "uploaded_file_id": [1],
    "restriction_id": [1],
    "page_view_restriction_id": [1],
    "redirect_id": [1],
    "string_segment_id": [1],
    "overridable_segment_id": [1],
    "revision_id_a": ["live", "earliest"],
    "revision_id_b": ["latest"],
    "filter_spec": ["max-100x100"],
    "mode": ["default"],
    "form": ["json", "rss"],
    "language": ["fr"],
    "token": ["forged"],  # the right one opens a page to whoever has it: that is what it is for
    "uidb64": ["MQ"],
    "key": ["forged"],
    "rest": ["nothing-here"],
    "year": [2031],
    "month": [5],
    "day": ["2031-05-19"],
    "number": [1],
    "letters": ["wal"],  # with which the secrets begin
    "kind": ["confirmed"],
    **{name: [1] for name in ("edition",)},  # drawings, of which nobody is the owner
    **{name: ["ab12"] for name in ("seed", "signature")},
    **{name: ["x"] for name in ("cut", "ground", "slug")},
}
ROWS: dict[str, Any] = {
    "image_id": Image,
    "document_id": Document,
    "doc_id": Document,
    "collection_id": Collection,
    "task_state_id": TaskState,
    "workflow_state_id": WorkflowState,
    "task_id": GroupApprovalTask,
    "workflow_pk": Workflow,
    "translation_source_id": TranslationSource,
    "translation_id": Translation,
}


class NoArgument(LookupError):
    """An address asks for something of which the world holds nothing."""


@dataclass(frozen=True)
class Address:
    """One pattern of the URL configuration, with the prefixes of those above."""

    route: str
    pattern: URLPattern
    parts: tuple[Any, ...]

    @property
    def model(self) -> type[Model] | None:
        """The table that a generic view is made for, if it says so."""
        view = self.pattern.callback
        view_class = getattr(view, "view_class", None)
        model = getattr(view, "view_initkwargs", {}).get("model") or getattr(view_class, "model", None)
        return model if isinstance(model, type) and issubclass(model, Model) else None


def addresses() -> list[Address]:
    """All of them; those that are told in several languages, in French."""
    with override("fr"):
        return list(_below(get_resolver(), ()))


def _below(resolver: Any, above: tuple[Any, ...]) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        parts = (*above, entry.pattern)
        if isinstance(entry, URLPattern):
            yield Address("".join(str(part) for part in parts), entry, parts)
        else:
            yield from _below(entry, parts)


class Filling:
    """Finds arguments for the parameters of an address: numbers that exist, of every region."""

    def __init__(self, world: World, actor: str) -> None:
        self.world, self.actor = world, actor
        self.pages = world.sample(actor, world.rows[Page])
        self.events = world.sample(actor, world.rows[Event])
        self.regions = list(world.regions.values())
        bulk_action_registry.get_bulk_action_class("", "", "")  # has it look for them
        self.bulk = sorted(
            {
                (app, model, action)
                for app, models in bulk_action_registry.actions.items()
                for model, actions in models.items()
                for action in actions
            }
        )

    def paths(self, address: Address) -> list[str]:
        """The paths of an address; one, if it asks for nothing.

        Raises:
            NoArgument: naming the parameter for which there is nothing.
        """
        if address.pattern.name == "wagtail_serve":
            return self._public()
        with override("fr"):
            shapes, names = _shape(address)
        if not names:
            return ["/" + shapes]
        return ["/" + shapes % chosen for chosen in self._fill(address, names, {})]

    def _public(self) -> list[str]:
        """The public addresses of pages, drafts among them, in their own languages."""
        below = Page.objects.filter(depth=3, locale__language_code="fr")
        pages = {page.pk: page for page in [*self.pages, *_parents(self.pages), *below]}
        return [
            f"/{page.locale.language_code}/{page.url_path.strip('/').partition('/')[2]}/" for page in pages.values()
        ]

    def _fill(self, address: Address, names: list[str], chosen: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if not names:
            yield chosen
            return
        name, *others = names
        values = self.values(address, name, chosen)
        if values is None:
            raise NoArgument(name)
        for value in values:
            yield from self._fill(address, others, chosen | {name: value})

    def values(self, address: Address, name: str, chosen: dict[str, Any]) -> list[Any] | None:
        """What a parameter can be; None if nothing is known that it could be."""
        route = address.route
        if name in PAGES or (name == "pk" and ("^pages/" in route or route.startswith("admin/pages/"))):
            wide = "parent" in name or "add/" in route
            return [page.pk for page in ([*self.pages, *_parents(self.pages)] if wide else self.pages)]
        if name in BULK and "/bulk/" in route:
            return self._bulk(name, chosen)
        if name in LABELS:
            return self._label(route, name, chosen)
        if name == "number" and "questions/" in route:
            return list(Question.objects.filter(event=chosen["pk"]).values_list("pk", flat=True)[:1]) or [1]
        if name in FIXED:
            return FIXED[name]
        if name in ROWS:
            return [row.pk for row in self.world.sample(self.actor, self.world.rows[ROWS[name]])][:4]
        if name.startswith("_"):
            return self._unnamed(address, name, chosen)
        asked = getattr(self, f"_{name}", None)
        if asked is not None:
            found: list[Any] | None = asked(address, chosen)
            return found
        return self._of_model(address, name, chosen)

    def _bulk(self, name: str, chosen: dict[str, Any]) -> list[Any]:
        at = BULK.index(name)
        known = [one for one in self.bulk if all(one[BULK.index(key)] == value for key, value in chosen.items())]
        return sorted({one[at] for one in known})

    def _label(self, route: str, name: str, chosen: dict[str, Any]) -> list[Any]:
        """Application and table, where an address names both."""
        kinds = next((kinds for word, kinds in LABELLED.items() if word in route), [("regions", "newspage")])
        if LABELS[name] == 0:
            return sorted({kind[0] for kind in kinds})
        app = next(value for key, value in chosen.items() if LABELS.get(key) == 0)
        return [kind[1] for kind in kinds if kind[0] == app]

    def _destination_id(self, address: Address, chosen: dict[str, Any]) -> list[Any]:
        return [_parents(self.pages)[0].pk]

    def _object_id(self, address: Address, chosen: dict[str, Any]) -> list[Any]:
        return [row.pk for row in (self.pages if chosen["model_name"] == "page" else self.events)]

    def _action_name(self, address: Address, chosen: dict[str, Any]) -> list[Any]:
        return ["copy"] if "api/" in address.route else ["approve"]

    def _revision_id(self, address: Address, chosen: dict[str, Any]) -> list[Any]:
        pk = chosen.get("page_id", chosen.get("pk"))
        found = Revision.objects.filter(object_id=str(pk)).order_by("-pk")
        return [found[0].pk] if found else [0]

    def _act(self, address: Address, chosen: dict[str, Any]) -> list[Any]:
        return ["end", "renew", "change", "hand-over"]

    def _code(self, address: Address, chosen: dict[str, Any]) -> list[Any]:
        known = {"kind/": ["forum"], "objective/": ["A1"], "region/": [region.code for region in self.regions][:1]}
        if "registrations/file/" in address.route:
            return [upload.uid for upload in self.world.sample(self.actor, self.world.rows[Upload])]
        events = [event.uid for event in self.events]
        return next((codes for word, codes in known.items() if word in address.route), events)

    _uid = _code

    def _certificate(self, address: Address, chosen: dict[str, Any]) -> list[Any]:
        return [one.number for one in self.world.sample(self.actor, self.world.rows[Certificate])]

    def _of_model(self, address: Address, name: str, chosen: dict[str, Any]) -> list[Any] | None:
        """Rows of the table that the view is made for: those of the world, else any there are."""
        labels = [value for key, value in chosen.items() if key in LABELS]
        named = apps.all_models[labels[0]].get(labels[1]) if len(labels) == 2 else None
        model: type[Model] | None = named or address.model or _named(address.route)
        if model is None or name not in ("pk", "id", "object_id"):
            return None
        rows = self.world.sample(self.actor, self.world.rows.get(model, []))
        rows = rows or list(model._default_manager.order_by("-pk")[:2])
        return [row.pk for row in rows] or None

    def _unnamed(self, address: Address, name: str, chosen: dict[str, Any]) -> list[Any] | None:
        if address.route.startswith("documents/"):
            if name == "_0":
                return [document.pk for document in self.world.sample(self.actor, self.world.rows[Document])]
            return [next(row.filename for row in self.world.rows[Document] if row.pk == chosen["_0"])]
        if address.pattern.name == "wagtail_serve":
            return [
                "/".join(page.url_path.strip("/").split("/")[1:]) + "/"
                for page in [
                    *self.pages,
                    *_parents(self.pages),
                    *Page.objects.filter(depth=3, locale=self.pages[0].locale),
                ]
                if page.locale.language_code == "fr"
            ]
        return None


def _named(route: str) -> type[Model] | None:
    """The table that stands behind an address whose view does not say it."""
    known = {
        "admin/api/main/^documents/": Document,
        "admin/api/main/^images/": Image,
        "admin/collections/": Collection,
        "admin/documents/": Document,
        "admin/images/": Image,
        "admin/sites/": Site,
        "admin/locales/": Locale,
        "admin/groups/": Group,
        "admin/workflows/tasks/": Task,
        "admin/workflows/": Workflow,
        "admin/registrations/": Registration,
        "admin/proposed-news/": Review,
        "admin/settings/": Site,
        "admin/mandates/": Mandate,
        "admin/merge-organisation/": Organisation,
        "admin/translations/": Rendition,
    }
    return next((model for start, model in known.items() if route.startswith(start)), _by_prefix(route))


def _by_prefix(route: str) -> type[Model] | None:
    """Functions, whose tables the views beside them name: by the first two parts of the path."""
    start = "/".join(route.split("/")[:2]) + "/"
    return next((one.model for one in addresses() if one.route.startswith(start) and one.model), None)


def _parents(pages: list[Page]) -> list[Page]:
    found = {page.get_parent().pk: page.get_parent() for page in pages}
    return list(found.values())[:3]


def _shape(address: Address) -> tuple[str, list[str]]:
    """The path as a format string, and the names it asks for in their order."""
    path, names = "", []
    for part in address.parts:
        if isinstance(part, RegexPattern):
            shape, found = normalize(str(part).removeprefix("^"))[0]
            path, names = path + shape, [*names, *found]
            continue
        text = str(part).replace("%", "%%")
        names += [found["name"] for found in PARAMETER.finditer(text)]
        path += PARAMETER.sub(lambda found: f"%({found['name']})s", text)
    return path, names
