"""The meetings of a world with something to hide: drafts, notes, people, codes, letters, other organisers."""

from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from events.models import (
    Certificate,
    Event,
    EventOrganiser,
    Given,
    Invitation,
    Payment,
    PaymentState,
    Question,
    Registration,
    Reminder,
    SharingConsent,
    Upload,
)
from events.models.certificate import frozen, new_number
from letters.models import Letter
from regions.models import Organisation
from tests.factories import EventFactory, TicketFactory, told

from .secrets import CO_ORGANISERS, WITH_EVENTS, World


def events_of(world: World, name: str) -> None:
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
    _answered(world, public, registration, name, mine)
    for state in ("requested", "waiting"):
        undecided = _registered(world, public, f"{state} {name}", mine, {name})
        Registration.objects.filter(pk=undecided.pk).update(state=state, line=undecided.pk)
        undecided.annotate(staff, world.secret(f"staff note on {state} {name}", may=mine))
    _paid(world, public, name, mine)
    _certified(world, public, name, mine)
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


def _answered(world: World, event: Event, row: Registration, name: str, keepers: list[str]) -> None:
    """What somebody answered: the keepers read it, but for what is confidential; the same of files."""
    for mark, readers in (("", keepers), ("confidential ", [])):
        text = _asked(event, "text", bool(not readers))
        file = _asked(event, "file", bool(not readers))
        upload = Upload(question=file, type="application/pdf", size=1, digest="0" * 64)
        upload.name = f"{world.secret(f'{mark}file {name}', must=readers)}.pdf"
        words = world.secret(f"{mark}words of a file {name}", must=readers)
        upload.file.save("x", ContentFile(words.encode()), save=False)
        upload.save()
        world.keep(upload, name)
        said = world.secret(f"{mark}answered {name}", must=readers)
        row.answer({text: Given(said), file: Given(upload=upload)})


def _asked(event: Event, kind: str, is_confidential: bool) -> Question:
    question = Question(event=event, kind=kind, label=told("Question"), is_confidential=is_confidential)
    question.save()
    return question


def _paid(world: World, event: Event, name: str, keepers: list[str]) -> None:
    """Somebody who has paid: their place is the keepers' to see, what Stripe knows of it the staff's alone."""
    ticket = TicketFactory(event=event, name=told(world.secret(f"priced ticket {name}", may=keepers)), price=6000)
    payer = _registered(world, event, f"payer {name}", keepers, {name}, ticket=ticket)
    payment = Payment.objects.create(
        event=event,
        registration=payer,
        payer_name=world.secret(f"who paid {name}"),
        payer_email=f"{world.secret(f'who paid address {name}')}@example.org",
        language="fr",
        subject=world.secret(f"what was paid {name}"),
        amount=6000,
        currency="EUR",
        state=PaymentState.PAID,
        received=6000,
        received_currency="EUR",
        payment_intent=world.secret(f"intent {name}"),
        paid_at=timezone.now(),
    )
    payment.ask_refund(1000, "staff", by=world.users["staff"], why=world.secret(f"refund reason {name}"), letter=False)
    payment.note_change("settle", payment.state, by=world.users["staff"], why=world.secret(f"payment note {name}"))
    world.keep(payment, name)


def _certified(world: World, event: Event, name: str, keepers: list[str]) -> None:
    """Somebody who has a certificate of attendance, and the reason for which another one was revoked."""
    row = _registered(world, event, f"certified {name}", keepers, {name})
    told = frozen(row) | {"attendance": row.attendance}
    standing = world.secret(f"on the certificate {name}", must=keepers)
    revoked = world.secret(f"on the revoked certificate {name}", may=keepers)
    for who, since in ((standing, None), (revoked, timezone.now())):
        one = Certificate.objects.create(
            number=new_number(),
            event=event,
            registration=row,
            language="fr",
            facts=told | {"person": {"name": who, "latin_name": ""}},
            revoked_at=since,
            why=world.secret(f"why it was revoked {name}", may=keepers) if since else "",
        )
        world.keep(one, name)


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


def co_organised(world: World, organisations: dict[str, Organisation]) -> None:
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
        answer = world.secret(f"answer of shared {name}", may=[keeper])  # which the co-organiser reads nowhere
        agreed.answer({_asked(public, "text", False): Given(answer)})
        elsewhere = _registered(world, public, f"shared elsewhere {name}", [keeper], {region})
        elsewhere.share_with([organisations[other].pk])  # which only supports this meeting
        taken_back = _registered(world, public, f"taken back {name}", [keeper], {region})
        taken_back.share_with([organisations[name].pk])
        taken_back.share_with([])
        assert SharingConsent.objects.filter(registration=taken_back).exclude(withdrawn_at=None).count() == 1
