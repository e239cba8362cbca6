"""Ma situation: the candidate's consent, their mention, who read it, and their own data (R-CAN-2)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import Request
from accounts.permissions import require
from candidates.consent import CURRENT_TEXT_VERSION, TEXTS
from candidates.documents import own_data
from candidates.forms import ConsentForm
from candidates.models import Accommodation, Candidate, HandicapDisclosure
from candidates.queries import reading_told_by, readings_of
from candidates.services.disclosure import MentionUnreadable, give_consent, own_mention, withdraw_consent
from core.exceptions import Refusal

READINGS_PER_PAGE = 20


@sensitive_post_parameters("mention")
@require_http_methods(["GET", "HEAD", "POST"])
@require("candidates.manage_own_consent")
@sensitive_variables()
def consent(request: Request) -> HttpResponse:
    """What stands, and the form to give or change it; what is typed is never put in an error report."""
    candidate = _own(request)
    if request.method != "POST":
        return _page(request, candidate)
    form = ConsentForm(request.POST)
    if form.is_valid():
        try:
            text_version = request.POST.get("text_version", "")
            give_consent(candidate, by=request.user, text_version=text_version, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, "Votre accord est enregistré. Vous pouvez le changer ou le retirer quand vous voulez."
            )
            return redirect("candidates:consent")
    return _page(request, candidate, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@require("candidates.manage_own_consent")
def withdraw(request: Request) -> HttpResponse:
    """One page between the click and the withdrawal: the mention cannot be brought back."""
    candidate = _own(request)
    standing = candidate.handicap_disclosures.standing().without_mention().first()
    if request.method != "POST" and standing:
        return render(request, "candidates/withdraw.html", {"standing": standing})
    if request.method == "POST":
        withdraw_consent(candidate, by=request.user)
        messages.success(request, "Votre accord est retiré. Si vous aviez écrit une mention, elle est effacée.")
    return redirect("candidates:consent")


@require_safe
@require("candidates.manage_own_consent")
def export(request: Request) -> HttpResponse:
    """The candidate's own data as a file, without the mention (R-CAN-2)."""
    return JsonResponse(
        own_data(_own(request)),
        json_dumps_params={"ensure_ascii": False, "indent": 2},
        headers={"Content-Disposition": 'attachment; filename="mes-donnees.json"'},
    )


def _own(request: Request) -> Candidate:
    return get_object_or_404(Candidate.objects.select_related("user"), user=request.user)


@sensitive_variables()
def _page(request: Request, candidate: Candidate, *, form: ConsentForm | None = None) -> HttpResponse:
    standing = candidate.handicap_disclosures.standing().without_mention().first()
    page = Paginator(readings_of(candidate), READINGS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "standing": standing,
        "form": form or _form_as_it_stands(request, candidate, standing),
        "text": TEXTS[CURRENT_TEXT_VERSION],
        "text_version": CURRENT_TEXT_VERSION,
        "new_text": standing is None or standing.text_version != CURRENT_TEXT_VERSION,
        "accepted_text": TEXTS.get(standing.text_version) if standing else None,
        "measures": Accommodation.objects.standing().filter(enrolment__candidate=candidate),
        "page": page,
        "readings": [reading_told_by(entry) for entry in page],
    }
    return render(request, "candidates/consent.html", context)


@sensitive_variables()
def _form_as_it_stands(request: Request, candidate: Candidate, standing: HandicapDisclosure | None) -> ConsentForm:
    """The form with what the candidate said, their own mention included; without it when it cannot be deciphered."""
    if standing is None:
        return ConsentForm()
    try:
        mention = own_mention(candidate, by=request.user)
    except MentionUnreadable as refusal:
        messages.error(request, str(refusal))
        mention = ""
    return ConsentForm(initial={"scope": standing.scope, "mention": mention})
