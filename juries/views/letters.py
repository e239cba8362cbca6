"""The letters of a session: listed, edited until the publication, read as PDFs."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import Request
from accounts.permissions import allow_or_404
from core.exceptions import Refusal, Stale
from juries.letter_document import letter_pdf
from juries.letter_forms import LetterForm
from juries.letter_view import blocks_of
from juries.models import JurySession, Letter
from juries.queries.letters import letter_for, letters_for, page_of
from juries.queries.sessions import session_for
from juries.services.letters import edit_letter


@require_safe
def index(request: Request, pk: UUID) -> HttpResponse:
    """The letters of a closed session."""
    session: JurySession = get_object_or_404(session_for(request.user), pk=pk)
    allow_or_404(request.user, "juries.read_letters", session)
    context = {
        "session": session,
        "letters": list(letters_for(request.user, session)),
        "may_edit": request.user.has_perm("juries.edit_letters", session),
    }
    return render(request, "juries/letters.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: Request, decision: UUID) -> HttpResponse:
    """One letter, edited by those who may; a stale text is shown beside what was typed, which is kept (R-SCO-4)."""
    found = _letter(request, decision)
    session = found.decision.session
    assert session is not None  # a letter is about a decision taken
    allow_or_404(request.user, "juries.read_letters", session)
    posted = request.method == "POST"
    form = LetterForm(request.POST) if posted else LetterForm(initial=_initial(found))
    if posted:
        allow_or_404(request.user, "juries.write_letters", session)
    stale = None
    if posted and form.is_valid():
        try:
            edit_letter(
                found, body=form.cleaned_data["body"], from_version=form.cleaned_data["version"], by=request.user
            )
        except Stale as refusal:
            stale = str(refusal)
            found.refresh_from_db()
            form = LetterForm({"body": form.cleaned_data["body"], "version": found.version})
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Lettre à {found.decision.enrolment.candidate} enregistrée.")
            return redirect("juries:letter", decision=decision)
    context = {
        "letter": found,
        "session": session,
        "blocks": blocks_of(found.body),
        "form": form,
        "may_edit": request.user.has_perm("juries.edit_letters", session),
        "stale": stale,
    }
    return render(request, "juries/letter.html", context, status=412 if stale else 422 if form.errors else 200)


@require_safe
def pdf(request: Request, decision: UUID) -> HttpResponse:
    """The letter as a PDF: for its candidate once published, before it for those who write it."""
    found = _letter(request, decision)
    own = found.decision.enrolment.candidate.user_id == request.user.pk
    if not own and not request.user.has_perm("juries.read_letters", found.decision.session):
        raise Http404
    name = f"lettre-{found.decision.enrolment.number}.pdf"
    return HttpResponse(
        letter_pdf(page_of(found)),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"},
    )


def _letter(request: Request, decision: UUID) -> Letter:
    found: Letter = get_object_or_404(letter_for(request.user), decision=decision)
    return found


def _initial(letter: Letter) -> dict[str, object]:
    return {"body": letter.body, "version": letter.version}
