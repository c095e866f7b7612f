"""The page behind the link of a personal invitation: one says there that one comes, or that one can't."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from events.models import Invitation, Registration, RegistrationState, Window
from events.models.registration import address_key

from . import links
from .discreet import personal
from .event_shown import moment
from .forms import RegistrationForm
from .questions.received import bounded
from .registering import AlreadyRegistered
from .views import RegistrationView

DECLINE = "decline"
"The button that says that one can't come."


class InvitedForm(RegistrationForm):
    """The form of registration, with name and address as they were invited; the code is known and not asked."""

    def __init__(
        self, window: Window, data: QueryDict | None = None, *args: Any, invitation: Invitation, **kwargs: Any
    ) -> None:
        self.invited = invitation
        if data is not None:
            data = data.copy()
            data["code"] = invitation.code
        mine = {"code": invitation.code, "email": invitation.email, "name": invitation.name}
        initial = mine | ({"language": invitation.language} if invitation.language else {}) | kwargs.pop("initial", {})
        super().__init__(window, data, *args, initial=initial, **kwargs)
        del self.fields["code"]

    @property
    def waits(self) -> bool:  # type: ignore[override]
        """Nobody waits for whom a seat is kept."""
        return super().waits and not self.invited.reserved

    def clean(self) -> dict[str, Any]:
        return super().clean() | {"code": self.invited.code}

    def refuse_code(self) -> None:
        self.add_error(None, ValidationError(_("This invitation has been used, or it has ended."), code="code"))


class InvitedView(RegistrationView):
    """The invitation with both answers; behind it the same form, the same rules and the same seats as for everybody."""

    template_name = "events/registration/invited.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        invitation = links.opened_invitation(kwargs["token"])
        if invitation is None:
            return render(request, "events/registration/invited_unknown.html", status=404)
        self.invitation = invitation
        return super().dispatch(request, *args, uid=invitation.event.uid)

    def form(self, *args: Any, **kwargs: Any) -> RegistrationForm:
        return InvitedForm(self.window, *args, invitation=self.invitation, has_codes=True, notice=self.notice, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if DECLINE in request.POST:
            self.invitation.decline()
            return HttpResponseRedirect(request.path, status=303)
        if not self.is_open and not self.has_come:
            return self.page(self.form(request.POST), status=409)
        return super().post(request, **kwargs)

    def register(self, form: RegistrationForm) -> Registration:
        """Who has come in another way meanwhile has answered: the seat that was kept is free."""
        try:
            return super().register(form)
        except AlreadyRegistered as known:
            if known.registrations[0].email_key == address_key(self.invitation.email):
                self.invitation.spend()
            raise

    def has_proven(self, form: RegistrationForm) -> bool:
        """The letter reached this address; nobody else has its link."""
        return address_key(form.cleaned_data["email"]) == address_key(self.invitation.email)

    @property
    def is_open(self) -> bool:
        return self.invitation.state in (Invitation.State.OPEN, Invitation.State.DRAFT)

    @property
    def has_come(self) -> bool:
        """Whether somebody has registered with it."""
        return self.invitation.state == Invitation.State.ACCEPTED

    def more(self) -> dict[str, Any]:
        """Once it is answered the page says how, and asks nothing any more."""
        shown: dict[str, Any] = {"invitation": self.invitation, "here_url": self.request.path, "is_open": self.is_open}
        if not self.is_open:
            shown["form"] = None
        elif self.invitation.reserved:
            shown["state"] = RegistrationState.BY_INVITATION  # however full it is for others
        if self.invitation.expires_at:
            shown["until"] = moment(self.invitation.expires_at, self.event)
        return shown


invited = personal(bounded(InvitedView.as_view()))
