"""What the software proposes, with its reasons (R-JUR-4)."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from assessments.enums import Verdict
from assessments.verdicts import Attempt, BlocRecord, CompetenceRecord, CritereResult, Rule, conclude
from juries.enums import Outcome
from juries.proposals import propose


def concluded(*blocs: bool):
    """A conclusion where each bloc is acquired or not."""
    return conclude([_bloc(number, acquired) for number, acquired in enumerate(blocs, 1)], rule=Rule())


def _bloc(number: int, acquired: bool) -> BlocRecord:
    verdict = Verdict.ACQUIS if acquired else Verdict.NON_ACQUIS
    attempt = Attempt(
        reference=f"grille-{number}",
        held_on=date(2026, 3, 12),
        evaluateur="Paul Roux",
        submitted_at=datetime(2026, 3, 12, 15, 0, tzinfo=UTC),
        criteres=(CritereResult("CE1", verdict),),
    )
    return BlocRecord(number, (CompetenceRecord(f"C{number}.1", (attempt,)),))


def test_every_bloc_acquired_proposes_the_certification():
    proposal = propose(concluded(True, True))
    assert (proposal.outcome, proposal.blocs) == (Outcome.CERTIFIED, (1, 2))
    assert proposal.reasons[0].startswith("Bloc 1 acquis le 12/03/2026")


def test_some_blocs_acquired_propose_those_alone():
    proposal = propose(concluded(False, True, False))
    assert (proposal.outcome, proposal.blocs) == (Outcome.PARTIAL, (2,))


def test_no_bloc_acquired_proposes_a_refusal_with_its_reasons():
    proposal = propose(concluded(False))
    assert (proposal.outcome, proposal.blocs) == (Outcome.REFUSED, ())
    assert proposal.reasons == ("Bloc 1 non acquis : C1.1 CE1 non acquis (soutenance du 12/03/2026, Paul Roux)",)


def test_a_referentiel_without_bloc_certifies_nobody():
    assert propose(conclude([], rule=Rule())).outcome == Outcome.REFUSED


@given(st.lists(st.booleans(), min_size=1, max_size=6))
def test_a_proposal_names_what_is_acquired_gives_a_reason_for_each_bloc_and_never_adjourns(blocs):
    proposal = propose(concluded(*blocs))
    assert proposal.blocs == tuple(number for number, acquired in enumerate(blocs, 1) if acquired)
    assert (proposal.outcome == Outcome.CERTIFIED) is all(blocs)
    assert (proposal.outcome == Outcome.REFUSED) is not any(blocs)
    assert len(proposal.reasons) == len(blocs)
