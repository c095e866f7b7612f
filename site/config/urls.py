"""Every address of the site, in the order in which they are tried."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from accounts import urls as accounts_urls
from events.payments import webhook
from events.registration.documents import urls as documents_urls
from pages import languages, routing, sitemaps
from pages.desk.whole import made_whole

handler500 = "pages.busy.failed"

urlpatterns = [
    path("", include("letters.health")),
    path("", languages.front_door),
    path("admin/login/", accounts_urls.entrance),
    path("admin/logout/", accounts_urls.leave),
    re_path(r"^admin/password_reset/", accounts_urls.forgotten),
    path("admin/reports/", include("pages.desk.reports")),
    path("admin/choose-page/", include("pages.desk.chooser")),
    path("admin/tag-autocomplete/", include("pages.desk.library")),
    path("admin/", include(made_whole(wagtailadmin_urls))),
    path("account/", include("accounts.urls")),
    path("ical/", include("events.calendars.urls")),
    path("feeds/", include("regions.feeds")),
    path("feeds/", include("events.calendars.syndication")),
    path("documents/", include(wagtaildocs_urls)),
    *documents_urls.keys,
    path("stripe/webhook/", webhook.receive, name="stripe_webhook"),
    path("", include("regions.pictures")),
    path("favicon.ico", sitemaps.icon),
    path("robots.txt", sitemaps.robots),
    path("sitemap.xml", sitemaps.index),
    path("sitemap-<slug:language>.xml", sitemaps.sitemap),
    *i18n_patterns(
        path("", include("events.registration.urls")),
        path("", include("events.registration.documents.urls")),
        path("", include("events.payments.urls")),
        path("", include("regions.urls")),
        path("", include("events.calendars.subscribing")),
        path("_util/login/", accounts_urls.entrance),  # Wagtail's own asks for no second factor and counts nothing
        re_path(wagtail_urls.serve_pattern, routing.serve, name="wagtail_serve"),
        path("", include(wagtail_urls)),
    ),
]

if getattr(settings, "LETTERS_ON_A_PAGE", False):  # on one's own machine no web server stands in front
    urlpatterns.insert(0, path("", include("letters.urls")))
    urlpatterns.insert(0, path("", include("events.patterns.gallery")))
    # As in public: documents leave by their own door, which knows who may and lets no browser run them.
    urlpatterns.insert(0, re_path(r"^media/(?P<path>(?!documents/).+)$", serve, {"document_root": settings.MEDIA_ROOT}))
