"""The foundation: what every site has before the first event is told."""

from django.db import transaction
from wagtail.models import Page, Site

from events.models import PublicationLock
from pages import landmarks
from pages.models import Edition
from regions.models import Organisation, Region

from . import groups, trees


def lay() -> list[str]:
    """Make what is missing of the trees, groups and workflows; returns the names of what was made.

    Repeatable: what is there stays as people have left it.
    """
    with transaction.atomic():
        PublicationLock.hold()  # two at once would make everything twice
        Edition.objects.get_or_create(pk=1)
        made = trees.plant()
        if trees.clear_welcome():
            groups.clear_defaults()
        made += groups.gather()
        for region in Region.objects.filter(pages=None):
            made += [page.title for page in trees.tell_region(region)]
        groups.entrust_all()
        for organisation in Organisation.objects.filter(slug=None):
            organisation.save()  # it takes its address
    if made:
        Site.clear_site_root_paths_cache()
    return made


def is_laid() -> bool:
    """Whether a site has its home pages."""
    return Page.objects.filter(translation_key=landmarks.key("home")).exists()
