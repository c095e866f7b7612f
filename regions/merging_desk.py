"""Merging organisations in the admin: choose the other one, read what moves, confirm."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from pages.trilingual import shown

from .merging import merge, what_moves
from .models import Organisation


class OtherField(forms.ModelChoiceField):
    def label_from_instance(self, organisation: Any) -> str:
        return f"{organisation.short_name} · {shown(organisation.name).text}"


class MergeForm(forms.Form):
    kept = OtherField(label=gettext_lazy("It becomes part of"), queryset=Organisation.objects.none())

    def __init__(self, merged: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kept"].queryset = Organisation.objects.exclude(pk=merged.pk).order_by("short_name")  # type: ignore[attr-defined]


def merging(request: HttpRequest, pk: int) -> HttpResponse:
    """First the other one is chosen, then everything that moves is named; only then it is done."""
    if not (
        request.user.has_perm("regions.change_organisation") and request.user.has_perm("regions.delete_organisation")
    ):
        raise PermissionDenied
    merged = get_object_or_404(Organisation, pk=pk)
    form = MergeForm(merged, request.POST or request.GET or None)
    kept = form.cleaned_data["kept"] if form.is_bound and form.is_valid() else None
    if request.method == "POST" and kept is not None:
        name = shown(merged.name).text
        try:
            merge(kept, merged, request.user)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return redirect("wagtailsnippets_regions_organisation:list")
        messages.success(request, _("“%(name)s” is part of “%(kept)s” now.") % {"name": name, "kept": kept})
        return redirect("wagtailsnippets_regions_organisation:edit", kept.pk)
    context = {
        "merged": merged,
        "kept": kept,
        "form": form,
        "moves": what_moves(merged),
        "header_title": _("Merge a duplicate"),
        "header_icon": "group",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("wagtailsnippets_regions_organisation:list"), "label": _("Organisations")},
            {"url": "", "label": _("Merge a duplicate")},
        ],
    }
    return TemplateResponse(request, "desk/merging.html", context)


urlpatterns = [path("<int:pk>/", merging, name="merge_organisation")]
