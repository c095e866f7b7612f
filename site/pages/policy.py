"""What a browser may load and run on a public page: what comes from this site, and nothing written into the page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
ELSEWHERE = ("/admin/", "/letters/")
"Wagtail's own pages write scripts into themselves, letters their styles."


class PolicyMiddleware:
    """Content-Security-Policy, without a nonce: pages stay the same for everybody and can be kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = response.get("Content-Type", "").startswith("text/html")
        if is_page and not request.path_info.startswith(ELSEWHERE):
            response.headers.setdefault("Content-Security-Policy", POLICY)
        return response
