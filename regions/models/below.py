"""What a mandate on a region's page means: to write below it, never to touch the page itself."""

from wagtail.models import PagePermissionTester


class BelowOnly(PagePermissionTester):
    """Whether the page is public, and to whom, is for those who may change it.

    Wagtail lets whoever may publish below a page take the page itself from the site.
    """

    def can_publish(self) -> bool:
        return bool(super().can_publish() and self.can_edit())

    def can_unpublish(self) -> bool:
        return bool(super().can_unpublish() and self.can_edit())
