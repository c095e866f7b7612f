"""The ways from an event's form: to what is done to it, to what is announced of it, to its next edition."""

from typing import Any

from django.urls import path, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button
from wagtail.permissions import policy_registry

from events.models import Announcement, Event

from . import policies
from .changes.announcements import AnnouncementsView, AnnouncementView
from .changes.screen import CancelView, MoveView, PostponeView, ReinstateView
from .dates.actions import VERBS
from .dates.from_this_date import FromThisDateView
from .dates.screen import DatesView
from .dates.several import ChooseModelView, SeveralDatesView
from .letters.reminders import ProposeView
from .letters.texts import LetterTextsView, LetterTextView, may_write
from .next_edition import NextEditionView
from .on_event import NAMES, may
from .personal.terms import TermsView
from .questions import urls as questions
from .sale.invite import InviteView
from .sale.invited import InvitedView
from .sale.refund_policy import RefundPolicyView
from .sale.takeover import TicketTakeoverView

ON, OFF = (Event.Status.TENTATIVE, Event.Status.SCHEDULED), Event.CALLED_OFF
ACTIONS = [
    ("move", MoveView, "date"),
    ("postpone", PostponeView, "time"),
    ("cancel", CancelView, "cross"),
    ("reinstate", ReinstateView, "undo"),
]

urlpatterns = [
    *questions.urlpatterns,
    *(path(f"<int:pk>/{name}/", view.as_view(), name=name) for name, view, _icon in ACTIONS),
    path("<int:pk>/announcements/", AnnouncementsView.as_view(), name="announcements"),
    path("<int:pk>/announcements/<int:number>/", AnnouncementView.as_view(), name="announcement"),
    path("<int:pk>/letters/", LetterTextsView.as_view(), name="letter_texts"),
    path("<int:pk>/letters/<slug:kind>/", LetterTextView.as_view(), name="letter_text"),
    path("<int:pk>/next-edition/", NextEditionView.as_view(), name="next_edition"),
    path("several-dates/", ChooseModelView.as_view(), name="several_model"),
    path("<int:pk>/several-dates/", SeveralDatesView.as_view(), name="several_dates"),
    path("<int:pk>/dates/", DatesView.as_view(), name="dates"),
    *(
        path(f"<int:pk>/dates/<str:day>/{name.removesuffix('_date')}/", view.as_view(), name=name)
        for name, view, _icon in VERBS
    ),
    path("<int:pk>/letters-by-themselves/", ProposeView.as_view(), name="propose_reminders"),
    path("<int:pk>/tickets/", TicketTakeoverView.as_view(), name="ticket_takeover"),
    path("<int:pk>/refund-policy/", RefundPolicyView.as_view(), name="refund_policy"),
    path("<int:pk>/personal-data/", TermsView.as_view(), name="data_terms"),
    path("<int:pk>/invited/", InvitedView.as_view(), name="invited"),
    path("<int:pk>/invited/new/", InviteView.as_view(), name="invite"),
    path("<int:pk>/dates/<str:day>/from-this-date/", FromThisDateView.as_view(), name="from_this_date"),
]


def buttons(event: Event, user: Any) -> list[Button]:
    """Those that can be used now, by this person."""
    found = []
    if event.live and may(user, "publish", event):
        over = event.is_over and event.status not in OFF
        found += [
            _button(event, name, view.page_title, icon, 20 + place)
            for place, (name, view, icon) in enumerate(ACTIONS)
            if event.status in view.possible_in and not over
        ]
    if may(user, "change", event):
        if event.recurs:
            found.append(_button(event, "dates", DatesView.page_title, "list-ul", 15))
        if user.has_perm("events.view_invitation") and event.registration == Event.RegistrationMode.HERE:
            found.append(_button(event, "invited", InvitedView.page_title, "mail", 42))
        if policies.payments.user_has_any_permission(user, {"view", "change"}) and is_priced(event):
            url = reverse("payments:event", args=[event.uid])
            found.append(Button(_("Payments"), url=url, icon_name="decimal", priority=41))
        if event.registration == Event.RegistrationMode.HERE and policies.sees_people_of(user, event):
            url = reverse("certificates:list", args=[event.uid])
            found.append(Button(_("Certificates of attendance"), url=url, icon_name="doc-full", priority=43))
        if Announcement.objects.of(event).exists():
            found.append(_button(event, "announcements", _("Announcements"), "mail", 25))
        if may_write(user, event):
            found.append(_button(event, "letter_texts", LetterTextsView.page_title, "mail", 42))
        if policy_registry.get_by_type(Event).user_has_permission(user, "add"):
            found.append(_button(event, "next_edition", NextEditionView.page_title, "copy", 26))
            if not event.recurs:
                found.append(_button(event, "several_dates", SeveralDatesView.page_title, "list-ul", 27))
    return found


def is_priced(event: Event) -> bool:
    """Whether something is or was paid for it."""
    return event.tickets.filter(price__gt=0).exists() or event.payments.exists()


def public_address(event: Event) -> str:
    """Where visitors read it, in the reader's language if its page is public there; empty as long as nothing is."""
    live = event.pages.filter(live=True).select_related("locale") if event.live else []
    pages = {page.locale.language_code: page for page in live}
    page = pages.get(get_language() or "") or next(iter(pages.values()), None)
    return (page.url or "") if page else ""


def on_the_site(event: Event) -> list[Any]:
    """Beside the message that it was published."""
    address = public_address(Event.objects.get(pk=event.pk))
    return [messages.button(address, _("See it on the site"), new_window=True)] if address else []


def _button(event: Event, name: str, label: Any, icon: str, priority: int) -> Button:
    return Button(label, url=reverse(f"{NAMES}:{name}", args=[event.pk]), icon_name=icon, priority=priority)


def log_actions(registry: Any) -> None:
    """How the history of an event calls what is done here."""
    for name, label, message in (
        ("move", gettext_lazy("Move"), gettext_lazy("Moved")),
        ("postpone", gettext_lazy("Postpone"), gettext_lazy("Postponed")),
        ("cancel", gettext_lazy("Cancel"), gettext_lazy("Cancelled")),
        ("reinstate", gettext_lazy("Reinstate"), gettext_lazy("Reinstated")),
        ("cancel_date", gettext_lazy("Cancel a date"), gettext_lazy("Date of the series cancelled")),
        ("move_date", gettext_lazy("Move a date"), gettext_lazy("Date of the series moved")),
        ("place_date", gettext_lazy("Hold a date elsewhere"), gettext_lazy("Date of the series held elsewhere")),
        ("note_date", gettext_lazy("Add a note to a date"), gettext_lazy("Note on a date of the series")),
        ("restore_date", gettext_lazy("Take an exception back"), gettext_lazy("Date of the series as the rule says")),
        ("from_this_date", gettext_lazy("From this date on"), gettext_lazy("Series ended and continued by another")),
        ("announce", gettext_lazy("Announce"), gettext_lazy("Announcement decided")),
        ("dismiss", gettext_lazy("Tell nobody"), gettext_lazy("Decided that nobody is told")),
        ("invite", gettext_lazy("Invite people"), gettext_lazy("People invited by letter")),
        ("remind_invited", gettext_lazy("Remind invited people"), gettext_lazy("Invited people reminded")),
        ("revoke_invited", gettext_lazy("Take invitations back"), gettext_lazy("Invitations taken back")),
        ("refund_policy", gettext_lazy("Change the refund policy"), gettext_lazy("Refund policy changed")),
        (
            "data_terms",
            gettext_lazy("Say who answers for data"),
            gettext_lazy("Terms of personal data changed"),
        ),
        ("letter_text", gettext_lazy("Put a letter into words"), gettext_lazy("Words of a letter changed")),
        ("next_edition", gettext_lazy("Copy as next edition"), gettext_lazy("Made as next edition")),
    ):
        registry.register_action(f"events.{name}", label, message)
