"""The pages about oneself, and those about the site."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.context_processors import destinations
from accounts.enums import Role
from accounts.forms import ShortcutsForm
from accounts.http import Request
from accounts.services import set_shortcuts


@require_safe
def home(request: Request) -> HttpResponse:
    """Straight to the one place this person has of their own; otherwise a choice of places."""
    links = destinations(request)
    own = [link for link in links if not link.secondary] or links
    if len(own) == 1:
        return redirect(own[0].url)
    return render(request, "accounts/home.html", {"links": links})


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: Request) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form = ShortcutsForm(posted, initial={"enabled": request.user.shortcuts_enabled})
    if form.is_valid():
        set_shortcuts(request.user, enabled=form.cleaned_data["enabled"])
        messages.success(request, "Votre préférence est enregistrée.")
        return redirect("accounts:profile")
    roles = [role.label for role in Role if role in request.user.roles]
    return render(request, "accounts/profile.html", {"form": form, "roles": roles})


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/accessibility.html")
