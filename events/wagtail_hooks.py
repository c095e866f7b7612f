"""What this room adds to Wagtail's admin; what it does is in ``events.desk``."""

from typing import Any

from django.http import HttpRequest
from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from events.desk import (  # noqa: F401  (importing it is what it is for)
    bulk,
    calendar,
    care,
    co_organised,
    comparison,
    merging,
    news_events,
    pages,
    policies,
    proposals,
    today,
    ways,
)
from events.desk.changes import announcements
from events.desk.documents import certificate as certificates
from events.desk.documents import urls as documents
from events.desk.events import EventViewSet
from events.desk.letters import names as letters  # noqa: F401  (importing it is what it is for)
from events.desk.menu import RegistrationGroup
from events.desk.payments import viewset as payments
from events.desk.personal import accesses
from events.desk.questions import urls as questions
from events.desk.registrations import viewset as registrations
from events.desk.series import SeriesViewSet
from regions import home, representation

policies.register()
register_snippet(EventViewSet)

hooks.register("register_admin_viewset", RegistrationGroup)
hooks.register("register_admin_viewset", SeriesViewSet)
hooks.register("register_admin_viewset", lambda: news_events.viewset)
hooks.register("before_copy_page", pages.refuse_copy)
hooks.register("before_move_page", pages.refuse_move)
hooks.register("before_delete_page", pages.refuse_deletion)
hooks.register("before_unpublish_page", pages.refuse_unpublishing)
hooks.register("before_bulk_action", pages.refuse_in_bulk)
hooks.register("register_page_header_buttons", pages.facts_button)
hooks.register("after_publish", announcements.lead)
hooks.register("after_unpublish", announcements.warn)
hooks.register("construct_homepage_panels", announcements.on_the_first_page)
hooks.register("register_log_actions", ways.log_actions)
hooks.register("register_log_actions", registrations.log_actions)
hooks.register("register_log_actions", payments.log_actions)
hooks.register("register_log_actions", certificates.log_actions)
hooks.register("register_log_actions", questions.log_actions)

hooks.register("register_admin_menu_item", calendar.menu_item)
for action in bulk.ACTIONS:  # after Wagtail's own, whose deletion ours replaces
    hooks.register("register_bulk_action", action, order=1)


home.doors.append(care.doors)
home.figures.append(care.figures)


@hooks.register("construct_homepage_panels")
def meetings_of_an_organisation(request: HttpRequest, panels: list[Any]) -> None:
    if representation.is_co_organiser(request.user):
        panels.append(co_organised.CoOrganisedPanel(request))


@hooks.register("construct_homepage_panels")
def meetings_in_care(request: HttpRequest, panels: list[Any]) -> None:
    if home.is_correspondent(request.user):
        panels.append(care.MeetingsPanel(request))


@hooks.register("construct_homepage_panels")
def what_needs_doing(request: HttpRequest, panels: list[Any]) -> None:
    if today.shows(request.user):
        panels.append(today.TodayPanel(request.user))


hooks.register("register_admin_menu_item", proposals.menu_item)
hooks.register("register_reports_menu_item", accesses.menu_item)
hooks.register("register_admin_urls", lambda: accesses.urlpatterns)


documents.open_doors()


@hooks.register("register_admin_urls")
def document_addresses() -> list[Any]:
    return [path("papers/", include("events.desk.documents.urls"))]


@hooks.register("register_admin_urls")
def proposal_addresses() -> list[Any]:
    return [path("proposals/", include("events.desk.proposals"))]


@hooks.register("register_admin_urls")
def certificate_addresses() -> list[Any]:
    return [path("certificates/", include("events.desk.documents.certificate"))]


@hooks.register("register_log_actions")
def proposal_actions(registry: Any) -> None:
    registry.register_action("events.proposal", _("Answer a proposal"), _("Proposal answered"))
