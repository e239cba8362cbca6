"""Publication: asked by one administrateur and confirmed by another, or done at once where one is enough (R-REF-1)."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import Request
from core.exceptions import Refusal
from referentiel.forms.publishing import DeclineForm
from referentiel.models import Equivalence, PublicationRequest, Referentiel
from referentiel.queries.certifications import size_of
from referentiel.queries.publication import publication_page
from referentiel.services import asking, publishing
from referentiel.views.found import changes_a_draft, draft_to_change
from referentiel.views.pages import editor_page


@changes_a_draft
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: Request, pk: int) -> HttpResponse:
    """What will be frozen, what still forbids it, who asked and who may confirm; posting asks, or publishes."""
    draft = draft_to_change(request, pk)
    if request.method != "POST":
        return _page(request, draft, DeclineForm())
    try:
        if settings.PUBLICATION_NEEDS_TWO:
            asking.ask_publication(draft, by=request.user)
            messages.success(request, "La publication est demandée : un autre administrateur la confirmera.")
            return redirect("referentiel:publish", pk)
        publishing.publish(draft, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("referentiel:publish", pk)
    return _published(request, draft)


@changes_a_draft
@require_POST
def confirm(request: Request, pk: int, asked: int) -> HttpResponse:
    draft, found = _asked(request, pk, asked)
    try:
        asking.confirm_publication(found, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("referentiel:publish", pk)
    return _published(request, draft)


@changes_a_draft
@require_POST
def decline(request: Request, pk: int, asked: int) -> HttpResponse:
    draft, found = _asked(request, pk, asked)
    form = DeclineForm(request.POST)
    if form.is_valid():
        try:
            asking.decline_publication(found, reason=form.cleaned_data["reason"], by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"La publication est refusée ; {found.asked_by} lira pourquoi sur cette page.")
            return redirect("referentiel:publish", pk)
    return _page(request, draft, form)


@changes_a_draft
@require_POST
def withdraw(request: Request, pk: int, asked: int) -> HttpResponse:
    _, found = _asked(request, pk, asked)
    try:
        asking.withdraw_request(found, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Votre demande est retirée : le brouillon reste ouvert.")
    return redirect("referentiel:publish", pk)


def _asked(request: Request, pk: int, asked: int) -> tuple[Referentiel, PublicationRequest]:
    draft = draft_to_change(request, pk)
    requests = PublicationRequest.objects.select_related("referentiel", "asked_by")
    return draft, get_object_or_404(requests, pk=asked, referentiel=pk)


def _page(request: Request, draft: Referentiel, form: DeclineForm) -> HttpResponse:
    page = {
        **editor_page(draft),
        "size": size_of(draft),
        "declared": Equivalence.objects.filter(bloc__referentiel=draft).count(),
        "needs_two": settings.PUBLICATION_NEEDS_TWO,
        "publication": publication_page(draft, request.user),
        "decline_form": form,
    }
    return render(request, "referentiel/publish.html", page, status=422 if form.errors else 200)


def _published(request: Request, draft: Referentiel) -> HttpResponse:
    messages.success(request, f"La version {draft.version} est publiée. Plus rien ne peut la changer.")
    return redirect("referentiel:detail", draft.pk)
