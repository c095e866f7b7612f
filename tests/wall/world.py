"""A world with something to hide in every room of it."""

import datetime as dt
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Comment,
    GroupApprovalTask,
    Page,
    TaskState,
    Workflow,
    WorkflowTask,
)
from wagtail.users.models import UserProfile
from wagtail_localize.models import Translation, TranslationSource

from events.founding import groups
from events.founding.trees import tell_region
from events.models import Series
from pages.models import StandardPage
from pages.translation.rendition import Rendition
from regions.models import College, Facility, Mandate, NewsPage, Organisation, RegionPage, Representative
from regions.rights import collection_of, derive
from tests.factories import ObjectiveFactory, OrganisationFactory, RegionFactory, told

from .meetings import co_organised, events_of
from .secrets import CO_ORGANISERS, CORRESPONDENTS, REGIONS, World


def build() -> World:
    world = World()
    _people(world)
    for name in REGIONS:
        world.regions[name] = RegionFactory(code=name.upper(), name=told(f"Région {name}", f"Region {name}"))
        tell_region(world.regions[name])
    organisations = {name: OrganisationFactory(short_name=name.upper()) for name in ("fao", "ird", "friend")}
    _mandates(world)
    _representatives(world, organisations)
    for name in REGIONS:
        _news(world, name)
        _files(world, name)
        events_of(world, name)
    co_organised(world, organisations)
    _staff_only(world)
    _directory()
    return world


def _user(world: World, actor: str, group: str = "") -> User:
    word = world.secret(f"account {actor.replace('-', '')}", may=[actor], must=[] if actor == "staff" else [actor])
    user = User.objects.create_user(
        word, f"{word}@example.org", "a long enough password", first_name="Somebody", last_name="Named"
    )
    if group:
        user.groups.add(Group.objects.get(name=group))
    UserProfile.objects.create(user=user)
    world.users[actor] = world.keep(user)
    return user


def _people(world: World) -> None:
    _user(world, "staff", groups.STAFF)
    _user(world, "translator", groups.TRANSLATORS)
    for actor in (*CORRESPONDENTS, *CO_ORGANISERS):
        _user(world, actor)


def _mandates(world: World) -> None:
    today = timezone.now().date()
    terms: dict[str, dict[str, Any]] = {
        "west": {"registrations": True},
        "south": {"registrations": True, "may_publish": True},
        "latin": {"events": False, "languages": ["es"]},
    }
    for actor, name in CORRESPONDENTS.items():
        mandate = Mandate.give(
            world.users[actor],
            world.regions[name],
            starts_on=today - dt.timedelta(days=2),
            ends_on=today + dt.timedelta(days=90),
            by=world.users["staff"],
            note=world.secret(f"mandate note {name}"),
            **terms[name],
        )
        derive(mandate)
        world.keep(mandate, name)


def _representatives(world: World, organisations: dict[str, Organisation]) -> None:
    for actor, name in CO_ORGANISERS.items():
        world.keep(
            Representative.objects.create(
                person=world.users[actor],
                organisation=organisations[name],
                starts_on=timezone.now().date() - dt.timedelta(days=2),
            )
        )


def _news(world: World, name: str) -> None:
    """Below the region's page: a draft, an item in moderation with comments, and a public one with a draft of more."""
    mine = f"{name} correspondent"
    language = "es" if name == "latin" else "fr"
    above = RegionPage.objects.get(region=world.regions[name], locale__language_code=language)
    staff = world.users["staff"]

    def write(title: str, live: bool, owner: User, **fields: Any) -> NewsPage:
        page = NewsPage(title=title, live=live, locale=above.locale, owner=owner, **fields)
        above.add_child(instance=page)
        page.save_revision(user=owner, log_action=True)
        return world.keep(page, name)

    # What a translator of the whole site reads is what awaits translation, drafts too.
    everywhere = {"translator"} if language != "fr" else set()
    draft = write(world.secret(f"news draft {name}", may={mine, *everywhere}, must={mine}), False, world.users[mine])
    draft.summary = world.secret(f"news summary {name}", may={mine, *everywhere}, must={mine})
    draft.save_revision(user=world.users[mine], log_action=True)

    moderated = write(
        world.secret(f"news moderated {name}", may={mine, *everywhere}, must={mine}), False, world.users[mine]
    )
    Comment.objects.create(
        page=moderated,
        user=staff,
        text=world.secret(f"comment {name}", may={mine, *everywhere}, shown=False),  # such pages have no panel for it
        contentpath="title",
        revision_created=moderated.latest_revision,
    )
    workflow = moderated.get_workflow()
    state = world.keep(workflow.start(moderated, world.users[mine]), name)
    world.keep(state.current_task_state, name)

    public = write(f"Public news of {name}", False, staff)
    public.latest_revision.publish()
    public = NewsPage.objects.get(pk=public.pk)
    public.title = world.secret(f"news rewritten {name}", may={mine, *everywhere})
    world.keep(public.save_revision(user=staff, log_action=True), name)

    returned = workflow.start(public, world.users[mine]).current_task_state.specific
    returned.reject(user=staff, comment=world.secret(f"answer {name}", may={mine, *everywhere}))
    world.keep(returned.workflow_state, name)

    source, _made = TranslationSource.update_or_create_from_instance(NewsPage.objects.get(pk=draft.pk))
    world.keep(source, name)
    target = RegionPage.objects.exclude(locale=above.locale).filter(region=world.regions[name]).first()
    assert target is not None
    world.keep(Translation.objects.create(source=source, target_locale=target.locale), name)
    world.keep(Rendition.objects.get_or_create(page_id=draft.pk)[0], name)
    draft.locked, draft.locked_by, draft.locked_at = True, staff, timezone.now()
    draft.save()


def _files(world: World, name: str) -> None:
    mine = f"{name} correspondent"
    collection = collection_of(world.regions[name])
    image = Image(
        title=world.secret(f"image {name}", may={mine, "translator"}, must={mine}),
        file=get_test_image_file(filename=f"image-{name}.png"),
        collection=collection,
        uploaded_by_user=world.users["staff"],
    )
    image.save()
    image.tags.add(world.secret(f"image tag {name}", may={mine, "translator"}))
    document = Document(
        title=world.secret(f"document {name}", may={mine, "translator"}, must={mine}),
        file=ContentFile(b"For anybody who has its address.", f"document-{name}.txt"),
        collection=collection,
        uploaded_by_user=world.users["staff"],
    )
    document.save()
    document.tags.add(world.secret(f"document tag {name}", may={mine, "translator"}))
    world.keep(image, name)
    world.keep(document, name)


def _directory() -> None:
    """What is public and has a form of its own."""
    College.objects.create(code="research", name=told("Recherche"))
    ObjectiveFactory()
    Facility.objects.create(code="f1", kind=Facility.Kind.CORE, title=told("Centre"))
    Series.objects.create(code="forum", name=told("Forum"))


def _staff_only(world: World) -> None:
    """What belongs to no region: a draft of the site, a collection of the staff, a workflow of their own."""
    staff = world.users["staff"]
    home = Page.objects.get(depth=2, locale__language_code="fr")
    page = StandardPage(title=world.secret("plain draft"), live=False, locale=home.locale, owner=staff)
    home.add_child(instance=page)
    page.save_revision(user=staff, log_action=True)
    world.keep(page)
    root = Collection.get_first_root_node()
    collection = root.add_child(instance=Collection(name=world.secret("collection", may=["translator"])))
    image = Image(
        title=world.secret("image of staff", may=["translator"]),
        file=get_test_image_file(filename="image-staff.png"),
        collection=collection,
    )
    image.save()
    document = Document(
        title=world.secret("document of staff", may=["translator"]),
        file=ContentFile(world.secret("document text").encode(), "document-staff.txt"),
        collection=collection,
    )
    document.save()
    restriction = CollectionViewRestriction.objects.create(
        collection=collection, restriction_type=CollectionViewRestriction.GROUPS
    )
    restriction.groups.add(Group.objects.get(name=groups.STAFF))
    world.keep(image)
    world.keep(document)
    world.keep(collection)
    task = GroupApprovalTask.objects.create(name=world.secret("task"))
    task.groups.add(Group.objects.get(name=groups.STAFF))
    workflow = Workflow.objects.create(name=world.secret("workflow"))
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    world.keep(task)
    world.keep(workflow)
    assert TaskState.objects.exists()
