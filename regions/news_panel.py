"""On the admin's first page: where a correspondent writes news, one link a language."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component

from .models import RegionPage


class NewsPanel(Component):
    """The pages entrusted to one person; across three trees nobody finds them in the explorer."""

    name = "write_news"
    order = 50
    template_name = "desk/write_news.html"

    def __init__(self, user: Any) -> None:
        pages = (
            RegionPage.objects.filter(
                group_permissions__group__user=user, group_permissions__permission__codename="add_page"
            )
            .select_related("locale")
            .distinct()
            .order_by("region__sort_order", "region_id", "locale_id")
        )
        self.links = [
            {
                "text": _("%(region)s, in %(language)s")
                % {"region": page.title, "language": page.locale.get_display_name()},
                "url": reverse("wagtailadmin_pages:add", args=["regions", "newspage", page.pk]),
                "drafts": reverse("wagtailadmin_explore", args=[page.pk]),
            }
            for page in pages
        ]

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"links": self.links}
