"""A publication that the model refuses: a sentence for the editor, and the draft is kept.

Between the form's own check and the lock behind which facts are checked again,
another editor may have moved a parent or taken a number.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.modal_workflow import render_modal_workflow

REFUSALS = (ValidationError, IntegrityError)


def reason(error: Exception) -> str:
    """The sentences of a refusal, in the reader's language."""
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return _("Somebody else has just changed something that stands in the way. Look at it again.")


def tell(request: HttpRequest, error: Exception) -> None:
    """Say that nothing was published and why."""
    messages.error(request, _("Not published; the draft is kept. %(reason)s") % {"reason": reason(error)})


class RefusedKindly:
    """For the forms that create and edit: a refusal leads back to the draft, never to an error page."""

    request: HttpRequest
    object: Any
    action: str

    def run_action_method(self) -> HttpResponse | None:
        try:
            response: HttpResponse | None = super().run_action_method()  # type: ignore[misc]
        except REFUSALS as error:
            tell(self.request, error)
            return HttpResponseRedirect(self.get_edit_url())  # type: ignore[attr-defined]
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        except REFUSALS as error:
            form.add_error(None, ValidationError(reason(error)))
            self.produced_error_code = "validation_error"
            self.produced_error_message = self.get_error_message()  # type: ignore[attr-defined]
            response = self.form_invalid(form)  # type: ignore[attr-defined]
        return response


class ApprovedKindly:
    """For the approval of a workflow's task: the same, from a dialog too."""

    request: HttpRequest
    redirect_url: str

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().post(request, *args, **kwargs)  # type: ignore[misc]
        except REFUSALS as error:
            tell(request, error)
            if request.headers.get("x-requested-with") == "XMLHttpRequest":
                response = render_modal_workflow(
                    request, None, None, None, json_data={"step": "success", "redirect": self.redirect_url}
                )
            else:
                response = HttpResponseRedirect(self.redirect_url)
        return response
