"""What was delivered: the list, one certificate, its PDF, what a session delivers, what a holder received (R-JUR-7)."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.http import Request
from accounts.permissions import allow_or_404, require
from candidates.models import Enrolment
from core import files
from core.exceptions import Refusal
from core.models import StoredFile
from juries.certificate_forms import CertificateFilter
from juries.models import Certificate, CertificateCopy, JurySession
from juries.queries.certificate_lists import as_csv, certificates_found, certificates_of, deliveries_of_session
from juries.queries.sessions import session_for
from juries.services.issuing import issue_certificates

PER_PAGE = 50


@require_safe
@require("juries.view_all")
def index(request: Request) -> HttpResponse:
    form = CertificateFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = certificates_found(Certificate.objects.all(), words=wanted.get("q", ""), state=wanted.get("etat", ""))
    context = {
        "form": form,
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "filtered": any(request.GET.get(name) for name in ("q", "etat")),
    }
    return render(request, "juries/certificates.html", context)


@require_safe
@require("juries.view_all")
def export(request: Request) -> HttpResponse:
    """The list as narrowed, for a spreadsheet."""
    form = CertificateFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = certificates_found(Certificate.objects.all(), words=wanted.get("q", ""), state=wanted.get("etat", ""))
    response = HttpResponse("".join(as_csv(found.iterator(chunk_size=500))), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="certificats.csv"'
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@require("juries.view_all")
def detail(request: Request, pk: UUID) -> HttpResponse:
    certificate = get_object_or_404(
        certificates_found(Certificate.objects.all()).select_related("revoked_by", "erased_by"), pk=pk
    )
    context = {
        "certificate": certificate,
        "copies": certificate.copies.select_related("issued_by").order_by("rank"),
        "may_manage": request.user.has_perm("juries.organise"),
    }
    return render(request, "juries/certificate.html", context)


@require_safe
def pdf(request: Request, pk: UUID) -> HttpResponse:
    """The signed bytes, for their holder and for who manages them; nobody else is told they exist."""
    certificate = get_object_or_404(Certificate.objects.visible_to(request.user).select_related("pdf"), pk=pk)
    return _served(certificate.pdf, certificate.number)


@require_safe
def copy_pdf(request: Request, pk: UUID, rank: int) -> HttpResponse:
    certificate = get_object_or_404(Certificate.objects.visible_to(request.user), pk=pk)
    copy = get_object_or_404(CertificateCopy.objects.select_related("pdf"), certificate=certificate, rank=rank)
    return _served(copy.pdf, f"{certificate.number}-duplicata-{rank}")


def _served(pdf: StoredFile | None, name: str) -> HttpResponse:
    if pdf is None:
        raise Http404  # it is being printed
    return HttpResponse(
        files.read(pdf),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "no-store"},
    )


@require_safe
@require("juries.view_all")
def of_session(request: Request, pk: UUID) -> HttpResponse:
    """What a published session delivers; a fragment for its page, or a page of its own."""
    session = get_object_or_404(session_for(request.user), pk=pk)
    context = {
        "session": session,
        "deliveries": deliveries_of_session(session),
        "may_issue": request.user.has_perm("juries.organise"),
    }
    template = "juries/session_certificates_fragment.html" if request.htmx else "juries/session_certificates.html"
    return render(request, template, context)


@require_POST
def issue(request: Request, pk: UUID) -> HttpResponse:
    """« Délivrer les certificats », for a session published before its mentions were written."""
    session: JurySession = get_object_or_404(session_for(request.user), pk=pk)
    allow_or_404(request.user, "juries.organise", session)
    try:
        issued = issue_certificates(session, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        said = f"{len(issued)} certificat{'s' if len(issued) > 1 else ''} délivré{'s' if len(issued) > 1 else ''}."
        messages.success(request, said if issued else "Tout ce que cette session délivre l’est déjà.")
    return redirect("juries:session_certificates", pk=pk)


@require_safe
def of_enrolment(request: Request, enrolment: UUID) -> HttpResponse:
    """What the holder received; a fragment for their page, or a page of its own (R-CAN-4)."""
    found = get_object_or_404(
        Enrolment.objects.visible_to(request.user).select_related("candidate", "referentiel__certification"),
        pk=enrolment,
    )
    own = found.candidate.user_id == request.user.pk
    if not own and not request.user.has_perm("juries.view_all"):
        raise Http404
    context = {"enrolment": found, "certificates": certificates_of(found), "own": own}
    template = "juries/own_certificates_fragment.html" if request.htmx else "juries/own_certificates.html"
    return render(request, template, context)
