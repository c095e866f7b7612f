from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegionsConfig(AppConfig):
    name = "regions"
    verbose_name = _("Regions")

    def ready(self) -> None:
        from pages import sitemaps
        from pages.search import sources
        from pages.sections import Section, sections

        from . import contact, notifications, reviewing, search, translations, upkeep  # noqa: F401
        from .models.pages import NEWS

        notifications.silence()
        translations.register()
        sources += [search.news, search.regions, search.organisations]
        sitemaps.below.append(search.below)
        sections += [
            Section("regions.RegionIndexPage"),
            Section("regions.RegionIndexPage", _("News"), {code: f"{word}/" for code, word in NEWS.items()}),
            Section("regions.OrganisationsPage"),
        ]
