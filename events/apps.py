from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = _("Events")

    def ready(self) -> None:
        from accounts.roles import roles
        from pages import editions, search, sitemaps
        from pages.sections import Section, sections

        from . import search as ours
        from .desk import proposal_letters, translations  # noqa: F401
        from .founding import groups, upkeep  # noqa: F401
        from .models import DataTerms
        from .payments import letters as payment_letters  # noqa: F401
        from .registration import letters, shifts  # noqa: F401

        letters.register()
        editions.tell(DataTerms)

        translations.register()
        search.sources.append(ours.events)
        sitemaps.sources.append(ours.sitemap)
        sitemaps.below.append(ours.below)
        sections.append(Section("events.AgendaPage"))
        roles[groups.STAFF] = _("Executive Secretariat")
        roles[groups.TRANSLATORS] = _("Translators")
