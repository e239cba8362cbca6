"""What would be lost with a candidate or a member: the remarks written about the one, or by the other."""

from juries.models import Candidacy, JuryMember


def members_who_wrote(candidacy: Candidacy) -> int:
    """How many members have written about this candidate, shared or not."""
    return candidacy.remarks.exclude(text="").count()


def remarks_of_member(member: JuryMember) -> int:
    """About how many candidates this member has written."""
    return member.remarks.exclude(text="").count()
