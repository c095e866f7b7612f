"""A world with something to hide in every room of it, and the list of who may read what.

Each secret is a word that stands nowhere else. ``may`` are those who may read
it, ``must`` those who have to find it somewhere: the proof that it could leak.
"""

import datetime as dt
from dataclasses import dataclass, field
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
from events.models import Event, EventOrganiser, Invitation, Registration, Reminder, Series, SharingConsent
from letters.models import Letter
from pages.models import StandardPage
from pages.translation.rendition import Rendition
from regions.models import College, Facility, Mandate, NewsPage, Organisation, Region, RegionPage, Representative
from regions.rights import collection_of, derive
from tests.factories import EventFactory, ObjectiveFactory, OrganisationFactory, RegionFactory, TicketFactory, told

PREFIX = "wallsecret"
REGIONS = ("west", "south", "latin")
CORRESPONDENTS = {f"{region} correspondent": region for region in REGIONS}
CO_ORGANISERS = {"co-organiser fao": "fao", "co-organiser ird": "ird"}
ACTORS = ("staff", *CORRESPONDENTS, *CO_ORGANISERS, "translator", "anonymous")
SHOWN_TO_STAFF = "west"
ELSEWHERE = ("south", "latin", "ird")
"Where the same lies as in the west: the staff need not find it twice."
WITH_EVENTS = {"west", "south"}
"The third correspondent writes news in one language, and nothing else."


@dataclass
class World:
    users: dict[str, User] = field(default_factory=dict)
    may: dict[str, set[str]] = field(default_factory=dict)
    must: dict[str, set[str]] = field(default_factory=dict)
    regions: dict[str, Region] = field(default_factory=dict)
    rows: dict[type[Any], list[Any]] = field(default_factory=dict)
    homes: dict[tuple[Any, Any], set[str]] = field(default_factory=dict)

    def secret(self, name: str, may: Any = (), must: Any = (), *, shown: bool = True) -> str:
        """A word that only these people and the staff may read, and that the staff and those of ``must`` find.

        What is shown to nobody today may appear tomorrow: it is looked for all the same.
        """
        word = f"{PREFIX}{name.replace(' ', '')}end"
        assert word not in self.may, word
        self.must[word] = {"staff", *must} if shown else set()
        self.may[word] = {"staff", *may, *must}
        return word

    def keep(self, row: Any, *homes: str) -> Any:
        """A row by whose number the walk will ask, and where it is at home."""
        model = Page if isinstance(row, Page) else type(row)
        self.rows.setdefault(model, []).append(row)
        self.homes[model, row.pk] = set(homes)
        return row

    def sample(self, actor: str, rows: list[Any]) -> list[Any]:
        """Enough to try: one of one's own and three of others, of as many kinds as there are.

        The staff, for whom there is no wall, look at all that lies in one region, and what lies in none.
        """
        own = (CORRESPONDENTS | CO_ORGANISERS).get(actor, SHOWN_TO_STAFF)
        homes = {row.pk: self.homes.get((Page if isinstance(row, Page) else type(row), row.pk), set()) for row in rows}
        if actor == "staff":
            return [row for row in rows if own in homes[row.pk] or not homes[row.pk]]
        mine = [row for row in rows if own in homes[row.pk]]
        foreign = [row for row in rows if own not in homes[row.pk]]
        return [*mine[:1], *(foreign[at] for at in (0, 4, 2) if at < len(foreign))]

    def forbidden(self, actor: str) -> list[bytes]:
        return [word.encode() for word, readers in self.may.items() if actor not in readers]

    def owed(self, actor: str) -> set[bytes]:
        words = {word for word, readers in self.must.items() if actor in readers}
        if actor == "staff":
            words = {word for word in words if not any(name in word for name in ELSEWHERE)}
        return {word.encode() for word in words}


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
        _events(world, name)
    _co_organised(world, organisations)
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


def _events(world: World, name: str) -> None:
    """A draft, and a public event with a draft of more, notes, people, codes and letters."""
    mine = [f"{name} correspondent"] if name in WITH_EVENTS else []
    staff = world.users["staff"]
    region = world.regions[name]

    draft = EventFactory.create(
        title=told(world.secret(f"event draft {name}", must=mine)),
        staff_note=world.secret(f"event draft note {name}"),
    )
    draft.regions.set([region])
    draft.save()
    draft.save_revision(user=staff, log_action=True)
    world.keep(Event.objects.get(pk=draft.pk), name)
    ticket = TicketFactory(event=draft, name=told(world.secret(f"ticket {name}")))
    world.keep(ticket, name)
    world.keep(Reminder.objects.create(event=draft), name)

    public = EventFactory.published(
        regions=[region],
        title=told(f"Réunion {name}", f"Meeting {name}"),
        registration=Event.RegistrationMode.HERE,
        staff_note=world.secret(f"event note {name}"),
    )
    public.title = told(world.secret(f"event rewritten {name}", may=mine))
    world.keep(public.save_revision(user=staff, log_action=True), name)
    public = world.keep(Event.objects.get(pk=public.pk), name)
    invitation = Invitation.objects.create(
        event=public, code=world.secret(f"code {name}").upper(), note=world.secret(f"code note {name}"), max_uses=None
    )
    world.keep(invitation, name)
    world.keep(
        Invitation.objects.create(
            event=public,
            code=world.secret(f"personal code {name}").upper(),
            name=world.secret(f"guest {name}"),
            email=world.secret(f"guest address {name}") + "@example.org",
            language="fr",
        ),
        name,
    )
    registration = _registered(world, public, f"participant {name}", mine, {name}, invitation=invitation)
    for state in ("requested", "waiting"):
        undecided = _registered(world, public, f"{state} {name}", mine, {name})
        Registration.objects.filter(pk=undecided.pk).update(state=state, line=undecided.pk)
        undecided.annotate(staff, world.secret(f"staff note on {state} {name}", may=mine))
    registration.cancel(by=staff, why=world.secret(f"reason {name}", may=mine))
    Registration.objects.get(pk=registration.pk)
    world.keep(
        Letter.objects.create(
            kind="confirmed",
            recipient=f"{world.secret(f'letter {name}')}@example.org",
            recipient_name="Somebody",
            language="fr",
            about=public.uid,
        ),
        name,
    )


def _registered(
    world: World, event: Event, who: str, readers: list[str], homes: set[str], **facts: Any
) -> Registration:
    row = Registration(
        event=event,
        name=world.secret(who, must=readers),
        email=f"{world.secret(f'{who} address', must=readers)}@example.org",
        attendance="onsite",
        language="fr",
        **facts,
    )
    row.enter(letter=False, by=world.users["staff"])
    if facts:
        Registration.objects.filter(pk=row.pk).update(**facts)
    return world.keep(Registration.objects.get(pk=row.pk), *homes)


def _co_organised(world: World, organisations: dict[str, Organisation]) -> None:
    """Meetings held with organisations: who agreed to be shared is seen by that one, nobody else is."""
    roles = EventOrganiser.Role
    for actor, name in CO_ORGANISERS.items():
        region = "west" if name == "fao" else "south"
        other = next(key for key in ("fao", "ird") if key != name)
        keeper = f"{region} correspondent"
        draft = EventFactory.create(
            title=told(world.secret(f"own draft {name}", must=[actor, keeper])),
            staff_note=world.secret(f"own note {name}"),
        )
        draft.regions.set([world.regions[region]])
        draft.save()
        EventOrganiser.objects.create(event=draft, organisation=organisations[name], role=roles.CO_ORGANISER)
        EventOrganiser.objects.create(event=draft, organisation=organisations[other], role=roles.SPONSOR)
        world.keep(draft, region, name)

        public = EventFactory.create(title=told(f"Held with {name}"), registration=Event.RegistrationMode.HERE)
        public.regions.set([world.regions[region]])
        public.save()
        EventOrganiser.objects.create(event=public, organisation=organisations[name], role=roles.HOST)
        EventOrganiser.objects.create(event=public, organisation=organisations[other], role=roles.SUPPORTER)
        public = Event.objects.get(pk=public.pk)
        public.save_revision(user=world.users["staff"]).publish()
        public = world.keep(Event.objects.get(pk=public.pk), region, name)
        _registered(world, public, f"unshared {name}", [keeper], {region})
        agreed = _registered(world, public, f"shared {name}", [keeper, actor], {region, name})
        agreed.share_with([organisations[name].pk])
        elsewhere = _registered(world, public, f"shared elsewhere {name}", [keeper], {region})
        elsewhere.share_with([organisations[other].pk])  # which only supports this meeting
        taken_back = _registered(world, public, f"taken back {name}", [keeper], {region})
        taken_back.share_with([organisations[name].pk])
        taken_back.share_with([])
        assert SharingConsent.objects.filter(registration=taken_back).exclude(withdrawn_at=None).count() == 1


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
