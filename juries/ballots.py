"""What a vote decides: pure (R-JUR-4)."""

from collections.abc import Mapping

from juries.enums import Outcome


class TieWithoutCastingVoteError(Exception):
    """The votes are equal and the president, whose vote settles, has not voted."""


def result_of(tally: Mapping[str, int], *, casting: str) -> Outcome:
    """The outcome with the most votes; among those that tie, the one the president voted for.

    ``tally`` counts the votes by outcome and holds at least one; ``casting`` is the president's vote, "" without one.
    A president who voted for none of those that tie settles nothing: that too is a tie without casting vote.
    """
    most = max(tally.values())
    ahead = [outcome for outcome, votes in tally.items() if votes == most]
    if len(ahead) == 1:
        return Outcome(ahead[0])
    if casting not in ahead:
        raise TieWithoutCastingVoteError
    return Outcome(casting)


def was_settled(tally: Mapping[str, int], result: str) -> bool:
    """Whether several outcomes had the most votes and the president's vote gave ``result``, "" for no result."""
    most = max(tally.values(), default=0)
    return bool(result) and sum(votes == most for votes in tally.values()) > 1


def tally_in_words(tally: Mapping[str, int]) -> str:
    """ "Certification : 2 voix, Refus : 1 voix", in the order of the outcomes."""
    said = [f"{outcome.label} : {tally[outcome]} voix" for outcome in Outcome if tally.get(outcome)]
    return ", ".join(said)
