"""What is sent from the page of one row: a decision, a refund, a note."""

from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.generic.base import View
from wagtail.admin import messages

from pages import busy

from .registrations.decisions import Refused


class SentFromPage(View):
    """Sent by POST alone, beside the view of the page. What is refused comes back on it with a sentence and all
    that was written; ``opened`` names the verb."""

    any_permission_required = ["change"]
    http_method_names = ["post"]
    form: Any = None
    opened = ""
    object: Any
    refusal: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return self.http_method_not_allowed(request, *args, **kwargs)
        return super().dispatch(request, *args, **kwargs)

    def bound(self, verb: str) -> Any:
        """The form of a verb that was sent and refused."""
        return self.form if verb == self.opened else None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        changed: bool | None = False
        if not self.is_done():
            self.form = self.make_form(request.POST)
            if self.form is not None and not self.form.is_valid():
                return self.refused("")
            try:
                changed = self.carry_out()
            except Refused as refused:
                return self.refused(str(refused))
            except OperationalError as error:  # a lock was not had in time; nothing was written
                busy.note(error)
                return self.refused(_("Many people are at work at once. Nothing is lost: please send it again."))
        if changed is False:
            messages.info(request, _("That had been done already: nothing has changed."))
        return HttpResponseRedirect(self.leads_to(), status=303)

    def refused(self, sentence: str) -> HttpResponse:
        self.refusal = sentence
        self.object.refresh_from_db()
        page: Any = self
        response: HttpResponse = page.render_to_response(page.get_context_data(), status=422)
        return response

    def is_done(self) -> bool:
        """Whether this was sent before, so that there is nothing left to ask."""
        return False

    def make_form(self, data: Any) -> Any:
        """The form as it was sent; None where nothing is asked."""
        raise NotImplementedError

    def carry_out(self) -> bool | None:
        """Do it, and say so; False if it had been done already. Raises Refused."""
        raise NotImplementedError

    def leads_to(self) -> str:
        """The address of the page from which it was sent."""
        raise NotImplementedError
