"""A participant's file: handed out to who may read that answer, and noted before it is."""

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe
from django.views.generic import View

from events.models import Answer, DataAccess
from events.registration.questions.handing_out import handed_out

from .. import policies
from .seen import questions_seen


@method_decorator(require_safe, name="dispatch")
class FileView(View):
    """Whoever may not read the answer does not learn that there is one."""

    def get(self, request: HttpRequest, uid: Any) -> HttpResponseBase:
        answer = self.answer(request.user, uid)
        if answer is None or answer.upload is None:
            raise Http404
        DataAccess.objects.note(request.user, DataAccess.What.UPLOAD, registration=answer.registration)
        try:
            return handed_out(answer.upload)
        except FileNotFoundError as gone:
            raise Http404 from gone

    def answer(self, user: Any, uid: Any) -> Answer | None:
        """The one that holds this file, if somebody may read it."""
        living = Answer.objects.living().filter(upload__uid=uid)
        found = living.select_related("upload", "registration__event").first()
        if found is None or not policies.registrations.user_has_any_permission_for_instance(
            user, {"view", "change"}, found.registration
        ):
            return None
        seen = questions_seen(user, found.registration.event)
        return found if seen.filter(pk=found.question_id).exists() else None
