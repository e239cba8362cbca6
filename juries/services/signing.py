"""Signing the procès-verbal: each member present, one after the other, with the certificateur's key (R-JUR-5)."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core import files, journal
from core.exceptions import Refusal
from core.signing import sign_pdf
from juries.enums import Presence
from juries.models import Minutes, MinutesSignature


def sign_minutes(minutes: Minutes, *, by: User) -> MinutesSignature:
    """Add the signature of ``by``, who has just proved who they are, to the file as the others signed it.

    Raises Refusal when they have nothing to sign, and what ``core.signing`` raises when the key cannot sign.
    """
    with transaction.atomic():
        locked = Minutes.objects.select_for_update().select_related("session", "pdf").get(pk=minutes.pk)
        member = locked.session.members.select_related("user").filter(user=by, presence=Presence.PRESENT).first()
        if member is None:
            raise Refusal("Seuls les membres présents à la séance signent son procès-verbal.")
        signatures = list(locked.signatures.select_related("pdf").order_by("rank"))
        if any(signature.member_id == member.pk for signature in signatures):
            raise Refusal("Vous avez déjà signé ce procès-verbal.")
        now, rank = timezone.now(), len(signatures) + 1
        signed = sign_pdf(
            files.read(signatures[-1].pdf if signatures else locked.pdf),
            field=field_of(rank),
            signer_name=str(member.user),
            reason="Signature du procès-verbal de jury" + (", présidence" if member.is_president else ""),
            location=locked.session.place,
            at=now,
        )
        pdf = files.keep(files.write(signed), media_type="application/pdf")
        signature = MinutesSignature.objects.create(minutes=locked, member=member, rank=rank, signed_at=now, pdf=pdf)
        journal.record("minutes.signed", locked, by=by, data={"rank": rank, "pdf": pdf.pk})
    return signature


def field_of(rank: int) -> str:
    """The name, in the file, of the signature of this rank."""
    return f"Membre-{rank}"
