"""What a service says when it refuses: a French sentence for the person, with what to do next."""


class Refusal(Exception):  # noqa: N818  # the trade's word; every subclass reads "… refused"
    """A rule of the domain says no. ``str()`` is the sentence shown to the person; nothing was changed.

    ``field`` names what was sent and refused, when the rest could have been accepted.
    """

    status = 409
    field = ""


class InvalidInput(Refusal):
    """What was sent cannot be understood or is out of bounds."""

    status = 400


class VersionRequired(Refusal):
    """The change does not say which version it started from (R-SCO-4)."""

    status = 428


class Stale(Refusal):
    """Somebody wrote in between (R-SCO-4)."""

    status = 412
