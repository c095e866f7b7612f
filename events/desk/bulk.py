"""What is done to several events at once: each by its own verb, each refused on its own, nothing silently.

An event is published, taken back or changed whole or not at all, as from its
form, so that seats and calendars follow. What can't be done is named before and
after, with its reason.
"""

from typing import Any, ClassVar

from django import forms
from django.db import transaction
from django.db.models import Count, Exists
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.functional import cached_property, classproperty
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail import hooks
from wagtail.admin import messages
from wagtail.permissions import policy_registry
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from events.models import CalendarEntry, Event, Registration
from pages.desk import deletion
from pages.trilingual import shown
from regions.models import Region

from .event_filters import EventFilterSet, proposed_ones, saying, scheduled
from .refusal import REFUSALS, reason

TOLD = 10
"Refusals named one by one in a message; the others are counted."


class Refused(Exception):
    """Why an event is left alone, as a sentence in the reader's language."""


class EventsAction(SnippetBulkAction):
    """The common way: who may, what stands against it, the verb, and the report."""

    template_name = "desk/bulk.html"
    verb: ClassVar[str]
    "The permission needed for each event."
    button: ClassVar[Any]
    consequence: ClassVar[Any]

    @classproperty
    def models(cls) -> list[Any]:  # noqa: N805
        return [Event]

    @classmethod
    def get_queryset(cls, model: Any, object_ids: Any) -> Any:
        asked = [pk for pk in map(str, object_ids) if pk.isdecimal() and len(pk) < 19]
        found = list(Event.objects.filter(pk__in=asked).order_by("starts_at", "pk"))
        if not found:
            raise Http404
        return found

    def get_all_objects_in_listing_query(self, parent_id: Any) -> list[int]:
        """Those that the list showed, filters and search included: never simply all."""
        asked = QueryDict(self.next_url.partition("?")[2])
        policy = policy_registry.get_by_type(Event)
        events = policy.instances_user_has_any_permission_for(self.request.user, {"view", "change", "delete"})
        filters = EventFilterSet(asked, queryset=events, request=self.request)
        if filters.is_valid():
            events = filters.filter_queryset(events)
        if words := asked.get("q", "").strip():
            events = saying(events, words)
        return list(events.order_by().values_list("pk", flat=True))

    def check_perm(self, event: Event) -> bool:
        return bool(self.permission_policy.user_has_permission_for_instance(self.request.user, self.verb, event))

    @cached_property
    def chosen(self) -> tuple[list[Event], list[tuple[Event, str]]]:
        """Those that it can be done to, and those left alone with the reason."""
        allowed, without = super().get_actionable_objects()
        left = [(event, _("You may not do this to it.")) for event in without["items_with_no_access"]]
        rows = Event.objects.filter(pk__in=[event.pk for event in allowed]).order_by()
        self.proposed = set(rows.filter(proposed_ones()).values_list("pk", flat=True))
        self.scheduled = set(rows.filter(Exists(scheduled())).values_list("pk", flat=True))
        can = []
        for event in allowed:
            try:
                self.check(event)
            except Refused as refused:
                left.append((event, str(refused)))
            else:
                can.append(event)
        return can, left

    def get_actionable_objects(self) -> Any:
        can, _left = self.chosen
        return can, {"items_with_no_access": []}

    def check(self, event: Event) -> None:
        """Raises Refused where something stands against it."""

    def carry_out(self, event: Event) -> None:
        """Do it. Raises Refused, ValidationError or IntegrityError: then all that was done of it is undone."""
        raise NotImplementedError

    def done(self, count: int) -> str:
        raise NotImplementedError

    def kept_free(self, event: Event) -> None:
        """Somebody's lock, or an approval under way, is not gone around."""
        if event.locked:
            raise Refused(_("It is locked."))
        if event.pk in self.proposed:
            raise Refused(_("It awaits approval: decide there."))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        can, left = self.chosen
        return super().get_context_data(**kwargs) | {
            "title": self.display_name,
            "consequence": self.consequence,
            "button": self.button,
            "serious": "serious" in self.classes,
            "events": [(event, shown(event.title), self.remark(event)) for event in can],
            "left": [(shown(event.title), why) for event, why in left],
        }

    def remark(self, event: Event) -> str:
        """What to know of one event before."""
        return ""

    def form_valid(self, form: Any) -> HttpResponse:
        self.cleaned_form = form
        can, left = self.chosen
        for hook in hooks.get_hooks("before_bulk_action"):
            answer = hook(self.request, self.action_type, can, self)
            if hasattr(answer, "status_code"):
                return answer
        count = 0
        for event in can:
            try:
                with transaction.atomic():
                    self.carry_out(event)
            except Refused as refused:
                left.append((event, str(refused)))
            except REFUSALS as error:
                left.append((event, reason(error)))
            else:
                count += 1
        if count:
            messages.success(self.request, self.done(count))
        report(self.request, left)
        for hook in hooks.get_hooks("after_bulk_action"):
            answer = hook(self.request, self.action_type, can, self)
            if hasattr(answer, "status_code"):
                return answer
        return HttpResponseRedirect(self.next_url)


def report(request: HttpRequest, left: list[tuple[Event, str]]) -> None:
    """Say what was left alone and why."""
    if not left:
        return
    lines = format_html_join("", "<li>“{}”: {}</li>", ((shown(event.title).text, why) for event, why in left[:TOLD]))
    more = len(left) - TOLD
    rest = ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more} if more > 0 else ""
    said = ngettext("%(count)d event was left as it was:", "%(count)d events were left as they were:", len(left))
    messages.warning(request, format_html("{}<ul>{}</ul>{}", said % {"count": len(left)}, lines, rest))


class PublishEvents(EventsAction):
    display_name = gettext_lazy("Publish")
    aria_label = gettext_lazy("Publish the drafts of the selected events")
    action_type = "publish"
    action_priority = 10
    verb = "publish"
    button = gettext_lazy("Publish them")
    consequence = gettext_lazy(
        "The latest draft of each becomes public: pages in three languages and calendars follow at once. "
        "Seats taken stay as they are."
    )

    def check(self, event: Event) -> None:
        self.kept_free(event)
        if event.live and not event.has_unpublished_changes:
            raise Refused(_("It is published already and has no draft."))
        if event.pk in self.scheduled:
            raise Refused(_("Its publication has a date already."))

    def carry_out(self, event: Event) -> None:
        revision = event.get_latest_revision() or event.save_revision(user=self.request.user)
        facts = revision.as_object()
        facts.full_clean()  # a draft may lack what the public needs
        revision.publish(user=self.request.user)

    def done(self, count: int) -> str:
        return ngettext("%(count)d event is published.", "%(count)d events are published.", count) % {"count": count}


class UnpublishEvents(EventsAction):
    display_name = gettext_lazy("Unpublish")
    aria_label = gettext_lazy("Take the selected events back")
    action_type = "unpublish"
    action_priority = 20
    classes: ClassVar[set[str]] = {"serious"}
    verb = "publish"
    button = gettext_lazy("Take them back")
    consequence = gettext_lazy(
        "Their pages are no longer found, and calendars are told that they are cancelled. Registrations are kept; "
        "nobody gets a letter."
    )

    def check(self, event: Event) -> None:
        self.kept_free(event)
        if not event.live:
            raise Refused(_("It is not published."))

    def remark(self, event: Event) -> str:
        count = self._registered.get(event.pk, 0)
        return (
            ngettext("%(count)d person is registered", "%(count)d people are registered", count) % {"count": count}
            if count
            else ""
        )

    @cached_property
    def _registered(self) -> dict[int, int]:
        living = Registration.objects.living().filter(event__in=[event.pk for event in self.chosen[0]])
        return dict(living.order_by().values_list("event").annotate(Count("pk")))

    def carry_out(self, event: Event) -> None:
        event.unpublish(user=self.request.user)

    def done(self, count: int) -> str:
        return ngettext("%(count)d event is taken back.", "%(count)d events are taken back.", count) % {"count": count}


class RegionForm(forms.Form):
    region = forms.ModelChoiceField(label=gettext_lazy("Region"), queryset=Region.objects.all())


class AddRegion(EventsAction):
    display_name = gettext_lazy("Add a region")
    aria_label = gettext_lazy("Add a region to the selected events")
    action_type = "add_region"
    action_priority = 25
    verb = "change"
    form_class = RegionForm
    button = gettext_lazy("Add the region")
    consequence = gettext_lazy(
        "The region is added to those they have. What is published without a draft is published anew at once, where "
        "you may publish; everything else gets it in its draft."
    )

    def check(self, event: Event) -> None:
        self.kept_free(event)

    def carry_out(self, event: Event) -> None:
        region = self.cleaned_form.cleaned_data["region"]  # type: ignore[attr-defined]
        facts = event.get_latest_revision_as_object()
        if region in facts.regions.all():
            raise Refused(_("It lies in this region already."))
        at_once = event.live and not event.has_unpublished_changes and self._may_publish(event)
        facts.regions.add(region)
        if not event.live:
            facts.save()
        revision = facts.save_revision(user=self.request.user, changed=True, log_action=True)
        if at_once:
            revision.publish(user=self.request.user)

    def _may_publish(self, event: Event) -> bool:
        return bool(self.permission_policy.user_has_permission_for_instance(self.request.user, "publish", event))

    def done(self, count: int) -> str:
        return ngettext(
            "The region is added to %(count)d event.", "The region is added to %(count)d events.", count
        ) % {"count": count}


class DeleteDrafts(EventsAction):
    """In place of Wagtail's own, which deletes whole querysets and stops at the first that can't be."""

    display_name = gettext_lazy("Delete drafts")
    aria_label = gettext_lazy("Delete the selected events that have never been published")
    action_type = "delete"
    action_priority = 30
    classes: ClassVar[set[str]] = {"serious"}
    verb = "delete"
    button = gettext_lazy("Delete them for good")
    consequence = gettext_lazy("They are deleted with their history, and can't be brought back.")

    def check(self, event: Event) -> None:
        self.kept_free(event)
        if event.live or CalendarEntry.objects.filter(event=event).exists():
            raise Refused(
                _("It has been published, so that calendars and letters know it: cancel it or take it back instead.")
            )
        if why := deletion.refusal(event):
            raise Refused(why)

    def carry_out(self, event: Event) -> None:
        event.delete()

    def done(self, count: int) -> str:
        return ngettext("%(count)d draft is deleted.", "%(count)d drafts are deleted.", count) % {"count": count}


ACTIONS = (PublishEvents, UnpublishEvents, AddRegion, DeleteDrafts)
