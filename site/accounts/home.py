"""The first page of one's account, and the one that asks to log in anew."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from . import factor


@never_cache
@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What one can see to about one's own account."""
    return render(request, "accounts/home.html", {"has_factor": factor.has(request.user)})


@never_cache
@login_required
@require_safe
def again(request: HttpRequest) -> HttpResponse:
    """A session begun before the second factor was set up is begun anew."""
    return render(request, "accounts/again.html", {"next": f"{reverse('account_login')}?next=/admin/"})
