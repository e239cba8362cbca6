"""An évaluateur's ready sentences."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import Request
from accounts.permissions import require
from assessments.forms import SnippetForm
from assessments.models import Snippet
from assessments.services.snippets import change_snippet, forget_snippet, keep_snippet
from core.exceptions import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@require("assessments.view_own_soutenances")
def index(request: Request) -> HttpResponse:
    """The person's sentences, those shared by others, and the form that keeps a new one."""
    form = SnippetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _, is_new = keep_snippet(by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("text", str(refusal))
        else:
            messages.success(request, "Phrase gardée." if is_new else "Vous aviez déjà cette phrase.")
            return redirect("assessments:snippets")
    usable = Snippet.objects.usable_by(request.user).select_related("owner")
    own = [snippet for snippet in usable if snippet.owner_id == request.user.pk]
    others = [snippet for snippet in usable if snippet.owner_id != request.user.pk]
    return render(request, "assessments/snippets.html", {"form": form, "own": own, "others": others})


@require_http_methods(["GET", "HEAD", "POST"])
@require("assessments.view_own_soutenances")
def change(request: Request, pk: UUID) -> HttpResponse:
    snippet = get_object_or_404(Snippet, pk=pk, owner=request.user)
    form = SnippetForm(request.POST or None, initial={"text": snippet.text, "is_shared": snippet.is_shared})
    if request.method == "POST" and form.is_valid():
        try:
            change_snippet(snippet, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("text", str(refusal))
        else:
            messages.success(request, "Phrase changée.")
            return redirect("assessments:snippets")
    return render(request, "assessments/snippet.html", {"form": form})


@require_POST
@require("assessments.view_own_soutenances")
def forget(request: Request, pk: UUID) -> HttpResponse:
    forget_snippet(get_object_or_404(Snippet, pk=pk, owner=request.user))
    messages.success(request, "Phrase supprimée. Les commentaires qui l’emploient ne changent pas.")
    return redirect("assessments:snippets")
