"""The equivalences of a draft, proposed by lineage and declared by a person (R-CAN-1)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.http import Request
from core.exceptions import Refusal
from referentiel.forms.equivalences import EquivalencesForm
from referentiel.queries.equivalences import equivalences_page
from referentiel.queries.tree import read_tree
from referentiel.services.equivalences import declare_equivalences, seen_as
from referentiel.views.found import changes_a_draft, draft_to_change


@changes_a_draft
@require_http_methods(["GET", "HEAD", "POST"])
def equivalences(request: Request, pk: int) -> HttpResponse:
    """Which earlier blocs are recognised as this version's; what is refused stays ticked, beside what is stored."""
    draft = draft_to_change(request, pk)
    form = EquivalencesForm(request.POST or None)
    if form.is_valid():
        try:
            changed = declare_equivalences(draft, wanted=form.wanted, seen=form.cleaned_data["seen"], by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Les équivalences sont déclarées." if changed else "Rien n’a changé.")
            return redirect("referentiel:equivalences", pk)
    read_tree(draft)
    page = equivalences_page(draft)
    ticked = request.POST.getlist("pairs") if form.is_bound else None
    context = {
        "referentiel": draft,
        "page": page,
        "seen": seen_as(page.declared),
        "form": form,
        "ticked": ticked,
        "chosen": set(ticked or ()) - {option.key for bloc in page.blocs for option in bloc.options},
    }
    return render(request, "referentiel/equivalences.html", context, status=422 if form.errors else 200)
