"""Sessions: the list, the page, and each step of their life."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import Request
from accounts.permissions import require
from core.exceptions import Refusal
from juries.enums import SessionState
from juries.forms import CandidacyForm, MemberForm, SessionForm
from juries.models import Candidacy, JuryMember, JurySession, Minutes
from juries.queries.composition import composition_failings, composition_warning
from juries.queries.hearings import unnoted_hearings
from juries.queries.minutes import signing_of
from juries.queries.recusals import barred_candidates
from juries.queries.remarks import members_who_wrote, remarks_of_member
from juries.queries.sessions import CANDIDATES_PER_PAGE, candidates_found, paged, rows_on_page, session_for
from juries.services import sessions as services
from juries.session_forms import CandidateFilter
from juries.views.places import done, session_or_404, telling_who_declares_again, to_session
from juries.views.session_dossiers import dossiers_context

DONE = "C’est fait."


@dataclass(frozen=True)
class Step:
    """What cannot be undone is asked first: in a dialogue, or on a page when the answer of the dialogue is missing."""

    route: str
    label: str
    title: str
    text: str


CLOSING = Step(
    "juries:close",
    "Clore la session",
    "Clore la session\u202f?",
    "Toutes ses décisions seront figées. Une correction sera une nouvelle décision.",
)
PUBLISHING = Step(
    "juries:publish",
    "Publier les résultats",
    "Publier les résultats\u202f?",
    "Chaque candidat verra sa décision et son motif, et recevra un avis. Une publication ne se reprend pas.",
)


@require_safe
@require("juries.see_sessions")
def index(request: Request) -> HttpResponse:
    return render(request, "juries/sessions.html", {"sessions": session_for(request.user).order_by("-held_at")})


@require_http_methods(["GET", "HEAD", "POST"])
@require("juries.organise")
def prepare(request: Request) -> HttpResponse:
    form = SessionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        session = services.prepare_session(by=request.user, **form.cleaned_data)
        messages.success(request, "Session créée. Composez maintenant le jury et inscrivez les candidats.")
        return redirect("juries:session", pk=session.pk)
    return render(request, "juries/prepare.html", {"form": form})


@require_safe
@require("juries.see_sessions")
def detail(request: Request, pk: UUID) -> HttpResponse:
    session = get_object_or_404(session_for(request.user), pk=pk)
    return _page(request, session)


@require_POST
def seat(request: Request, pk: UUID) -> HttpResponse:
    session = session_or_404(request, pk, "juries.organise")
    form = MemberForm(request.POST, session=session)
    if not form.is_valid():
        return _page(request, session, member_form=form)
    try:
        services.seat_member(session, by=request.user, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _page(request, session, member_form=form)
    return redirect("juries:session", pk=pk)


@require_POST
def unseat(request: Request, pk: UUID, member: int) -> HttpResponse:
    session = session_or_404(request, pk, "juries.organise")
    found = get_object_or_404(session.members, pk=member)
    if "confirmed" not in request.POST and (count := remarks_of_member(found)):
        return render(request, "juries/sure.html", {"session": session, "step": _unseating(found, count)})
    return done(request, to_session(pk), lambda: services.unseat_member(found, by=request.user), DONE)


@require_POST
def present(request: Request, pk: UUID) -> HttpResponse:
    session = session_or_404(request, pk, "juries.organise")
    form = CandidacyForm(request.POST, session=session)
    if not form.is_valid():
        return _page(request, session, candidacy_form=form)
    try:
        with telling_who_declares_again(request, session):
            services.present_candidate(session, by=request.user, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _page(request, session, candidacy_form=form)
    return redirect("juries:session", pk=pk)


@require_POST
def withdraw(request: Request, pk: UUID, enrolment: UUID) -> HttpResponse:
    session = session_or_404(request, pk, "juries.organise")
    candidacy = get_object_or_404(session.candidacies.select_related("enrolment__candidate"), enrolment=enrolment)
    if "confirmed" not in request.POST and (count := members_who_wrote(candidacy)):
        return render(request, "juries/sure.html", {"session": session, "step": _withdrawing(candidacy, count)})
    return done(request, to_session(pk), lambda: services.withdraw_candidate(candidacy, by=request.user), DONE)


@require_POST
def close(request: Request, pk: UUID) -> HttpResponse:
    session = session_or_404(request, pk, "juries.preside")
    if "confirmed" not in request.POST:
        return render(request, "juries/sure.html", {"session": session, "step": CLOSING})
    said = "La session est close : ses décisions ne changent plus."
    return done(request, to_session(pk), lambda: services.close_session(session, by=request.user), said)


@require_POST
def publish(request: Request, pk: UUID) -> HttpResponse:
    session = session_or_404(request, pk, "juries.announce")
    if "confirmed" not in request.POST:
        return render(request, "juries/sure.html", {"session": session, "step": _minutes(session)["publishing"]})
    said = "Les résultats sont publiés : chaque candidat voit le sien."
    return done(request, to_session(pk), lambda: services.publish_session(session, by=request.user), said)


def _withdrawing(candidacy: Candidacy, count: int) -> Step:
    """What goes with a candidate: the remarks of ``count`` members."""
    wrote = f"{count} membres ont" if count > 1 else "1 membre a"
    return Step(
        "juries:withdraw",
        "Retirer ce candidat",
        f"Retirer {candidacy.enrolment.candidate}\u202f?",
        f"{wrote} écrit des remarques sur ce candidat\u00a0: elles seront effacées.",
    )


def _unseating(member: JuryMember, count: int) -> Step:
    """What goes with a member: their remarks about ``count`` candidates."""
    about = f"{count} candidats" if count > 1 else "1 candidat"
    return Step(
        "juries:unseat",
        "Retirer ce membre",
        f"Retirer {member.user}\u202f?",
        f"Cette personne a écrit des remarques sur {about}\u00a0: elles seront effacées.",
    )


def _page(
    request: Request,
    session: JurySession,
    *,
    member_form: MemberForm | None = None,
    candidacy_form: CandidacyForm | None = None,
) -> HttpResponse:
    may_prepare = request.user.has_perm("juries.prepare_session", session)
    may_decide = request.user.has_perm("juries.decide", session)
    context = {
        "session": session,
        **_candidates(request, session),
        "failings": composition_failings(session),
        "warning": composition_warning(session),
        "own_seat": next((one for one in session.members.all() if one.user_id == request.user.pk), None),
        **_minutes(session),
        **dossiers_context(request, session),
        "may_prepare": may_prepare,
        "closing": CLOSING,
        "unnoted": unnoted_hearings(session) if may_decide else [],
        "has_come": services.has_come(session),
        "is_past": services.is_past(session),
        "may_open": request.user.has_perm("juries.open_session", session),
        "may_decide": may_decide,
        "may_deliberate": request.user.has_perm("juries.vote", session),
        "may_declare": session.state in (SessionState.PREPARING, SessionState.OPEN),
        "may_publish": request.user.has_perm("juries.publish_session", session),
        "member_form": member_form or (MemberForm(session=session) if may_prepare else None),
        "candidacy_form": candidacy_form or (CandidacyForm(session=session) if may_prepare else None),
    }
    return render(request, "juries/session.html", context)


def _candidates(request: Request, session: JurySession) -> dict[str, Any]:
    """One page of the candidates, as narrowed, and how many of all of them are decided."""
    form = CandidateFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    barred = set(barred_candidates(request.user, session).values_list("pk", flat=True))
    narrowed = {"words": wanted.get("q", ""), "state": wanted.get("etat", "")}
    page = paged(candidates_found(session, **narrowed, barred=barred), request.GET.get("page"))
    count = session.candidacies.count()
    return {
        "page": page,
        "rows": rows_on_page(session, page),
        "filter_form": form if count > CANDIDATES_PER_PAGE else None,
        "filtered": any(narrowed.values()),
        "barred": barred,
        "count": count,
        "decided": session.decisions.taken().count(),
    }


def _minutes(session: JurySession) -> dict[str, Any]:
    """The procès-verbal of a closed session, once drawn up, who signs it, and what publishing says of it."""
    minutes = Minutes.objects.filter(session=session).first() if session.is_closed else None
    signing = signing_of(minutes) if minutes else []
    missing = ", ".join(str(signer.member.user) for signer in signing if not signer.signed_at)
    unsigned = f"Le procès-verbal attend encore la signature de\u00a0: {missing}. " if missing else ""
    return {
        "minutes": minutes,
        "signing": signing,
        "publishing": replace(PUBLISHING, text=f"{unsigned}{PUBLISHING.text}"),
    }
