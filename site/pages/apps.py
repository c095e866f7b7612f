from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "pages"
    verbose_name = _("Pages")

    def ready(self) -> None:
        from wagtail.signals import page_published

        from . import editions, search
        from .translation import interface, request
        from .translation.rendition import Rendition

        editions.tell_pages()
        editions.tell(Rendition)
        search.sources.append(search.plain_pages)
        interface.mend()
        page_published.connect(request.after_publication, dispatch_uid="translation")
