"""What is typed in the desk survives a connection or a session that ends."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET


@never_cache
@require_GET
def here(request: HttpRequest) -> HttpResponse:
    """To the desk's script, the key its forms need now; to somebody who has just logged in, the desk."""
    if "application/json" not in request.headers.get("Accept", ""):
        return redirect("wagtailadmin_home")
    return JsonResponse({"token": get_token(request)})


def addresses() -> list[URLPattern]:
    return [path("here/", here, name="desk_here")]


def scripts() -> str:
    """Loaded on each screen of the desk, with its words in the reader's language."""
    return format_html(
        '<script src="{}" defer></script>'
        '<script src="{}" data-address="{}" data-offline="{}" data-out="{}" data-login="{}" data-back="{}"></script>',
        static("desk/lighter.js"),
        static("desk/kept.js"),
        reverse("desk_here"),
        _("No connection: nothing was sent. Your text is still here; leave this page open and try again."),
        _("You are no longer logged in: nothing was sent. Your text is still here; leave this page open."),
        _("Log in in another window, then come back"),
        _("You are back: send your text again."),
    )
