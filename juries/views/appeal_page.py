"""The page of one appeal, for each of those who read it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from accounts.http import Request
from juries.appeal_forms import AssignForm, ConclusionForm
from juries.enums import APPEAL_ENDS, AppealState
from juries.letter_view import blocks_of
from juries.models import Appeal, Dossier, Letter
from juries.queries.appeals import objections_to
from juries.queries.reexaminations import pending_reexamination


def appeal_page(
    request: Request,
    appeal: Appeal,
    *,
    assign_form: AssignForm | None = None,
    conclusion_form: ConclusionForm | None = None,
) -> HttpResponse:
    """What this reader may see of ``appeal`` and do about it; a refused form comes back with what was typed."""
    user = request.user
    ended = appeal.state in APPEAL_ENDS
    own = user.has_perm("juries.withdraw_appeal", appeal)
    may_assign = not ended and user.has_perm("juries.assign_appeal")
    instructs = user.has_perm("juries.instruct_appeal", appeal)
    may_conclude = instructs and appeal.state == AppealState.INSTRUCTED
    context = {
        "appeal": appeal,
        "exhibits": list(appeal.files.select_related("file")),
        "own": own,
        "ended": ended,
        "may_assign": may_assign,
        "may_conclude": may_conclude,
        "assign_form": assign_form or (AssignForm(appeal=appeal) if may_assign else None),
        **(_answering(request, appeal, conclusion_form) if may_conclude else {"conclusion_form": None}),
        "objections": objections_to(user, appeal.decision) if may_conclude else [],
        **({} if own else _judged(request, appeal)),
    }
    refused = any(form and form.errors for form in (assign_form, conclusion_form))
    return render(request, "juries/appeal.html", context, status=422 if refused else 200)


def _answering(request: Request, appeal: Appeal, refused: ConclusionForm | None) -> dict[str, Any]:
    """The answer as it stands: what was just refused, else what its author had written of it."""
    draft = appeal.drafts.filter(author=request.user).first()
    started = {"answer": draft.text, "conclusion": draft.conclusion} if draft else {}
    return {"draft": draft, "conclusion_form": refused or ConclusionForm(initial=started)}


def _judged(request: Request, appeal: Appeal) -> dict[str, Any]:
    """The decision and what it rests on, for the certificateur's people."""
    dossier = Dossier.objects.visible_to(request.user).filter(pk=appeal.decision.dossier_id).first()
    letter = Letter.objects.filter(decision=appeal.decision_id).first()
    may_reexamine = appeal.state == AppealState.UPHELD and request.user.has_perm("juries.organise")
    return {
        "dossier": dossier,
        "letter": blocks_of(letter.body) if letter else [],
        "may_reexamine": may_reexamine and not hasattr(appeal.decision, "superseded_by"),
        "reexamination": pending_reexamination(appeal.decision) if may_reexamine else None,
    }
