"""Pictures and documents: those of other regions are named nowhere, nor are their tags.

Wagtail narrows lists and choosers to the collections somebody may use, and
forgets the tags and the admin's own API.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, JsonResponse
from django.urls import path
from taggit.models import Tag
from wagtail.admin.auth import require_admin_access
from wagtail.documents import get_document_model
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.documents.views import documents
from wagtail.images import get_image_model
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet
from wagtail.images.views import chooser, images
from wagtail.permissions import policy_registry

USING = ("add", "change", "delete", "choose", "view")
POPULAR, OFFERED = 10, 10


def usable(user: Any, model: Any) -> QuerySet[Any]:
    """The pictures, or the documents, of the collections that somebody may use."""
    rows: QuerySet[Any] = policy_registry.get_by_type(model).instances_user_has_any_permission_for(user, USING)
    return rows


def tags(user: Any, models: Sequence[Any]) -> QuerySet[Tag]:
    """The tags of what somebody may use, those most used first."""
    on = Q(pk=None)
    for model in models:
        on |= Q(
            taggit_taggeditem_items__content_type=ContentType.objects.get_for_model(model),
            taggit_taggeditem_items__object_id__in=usable(user, model).order_by().values("pk"),
        )
    return Tag.objects.filter(on).annotate(uses=Count("taggit_taggeditem_items")).order_by("-uses", "name")


def autocomplete(request: HttpRequest, app_name: str = "", model_name: str = "") -> JsonResponse:
    """Tags that begin as typed."""
    typed = request.GET.get("term", "")
    found = tags(request.user, (get_image_model(), get_document_model())) if typed else Tag.objects.none()
    names = found.filter(name__istartswith=typed).order_by("name").values_list("name", flat=True)
    return JsonResponse(list(names[:OFFERED]), safe=False)


class _OwnTags:
    """For the filters of a list: only the tags of what is listed for its reader."""

    filters: dict[str, Any]

    def __init__(self, *args: Any, request: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)  # type: ignore[call-arg]
        if "tag" not in self.filters:
            return
        found = list(tags(request.user, [self._meta.model])[:POPULAR])  # type: ignore[attr-defined]
        if found:
            self.filters["tag"].extra["choices"] = [(tag.name, tag.name) for tag in found]
        else:
            del self.filters["tag"]


class ImagesFilterSet(_OwnTags, images.ImagesFilterSet):
    pass


class DocumentsFilterSet(_OwnTags, documents.DocumentsFilterSet):
    pass


class ImageChooseView(chooser.ImageChooseView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = tags(self.request.user, [get_image_model()])[:POPULAR]
        return super().get_context_data(**kwargs) | {"popular_tags": found}


class OwnImagesAPI(ImagesAdminAPIViewSet):
    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset() & usable(self.request.user, get_image_model())


class OwnDocumentsAPI(DocumentsAdminAPIViewSet):
    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset() & usable(self.request.user, get_document_model())


def register() -> None:
    """Give Wagtail's views the narrower filters."""
    images.IndexView.filterset_class = ImagesFilterSet
    documents.IndexView.filterset_class = DocumentsFilterSet
    chooser.ImageChooserViewSet.choose_view_class = ImageChooseView


def own_endpoints(router: Any) -> None:
    """In the place of those that tell of everything."""
    router.register_endpoint("images", OwnImagesAPI)
    router.register_endpoint("documents", OwnDocumentsAPI)


urlpatterns = [
    path("", require_admin_access(autocomplete)),
    path("<slug:app_name>/<slug:model_name>/", require_admin_access(autocomplete)),
]
