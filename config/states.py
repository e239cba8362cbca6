"""The life cycles, drawn from the tables the services obey."""

from collections.abc import Mapping
from typing import Any

from assessments.enums import SOUTENANCE_TRANSITIONS
from juries.enums import APPEAL_TRANSITIONS, SESSION_TRANSITIONS
from referentiel.enums import ASK_TRANSITIONS

DIAGRAMS: Mapping[str, Mapping[Any, frozenset[Any]]] = {
    "Soutenance (R-SCO-1)": SOUTENANCE_TRANSITIONS,
    "Session de jury (R-JUR-5, R-JUR-6)": SESSION_TRANSITIONS,
    "Recours (R-JUR-8)": APPEAL_TRANSITIONS,
    "Demande de publication (R-REF-1)": ASK_TRANSITIONS,
}


def draw() -> str:
    """The Markdown page of the diagrams (Mermaid); a test compares it with the committed one."""
    parts = ["# States\n\nWritten by `manage.py draw_states` from the transition tables; do not edit.\n"]
    for title, transitions in DIAGRAMS.items():
        lines = ["stateDiagram-v2", *(f'    state "{state.label}" as {state.value}' for state in transitions)]
        lines.append(f"    [*] --> {next(iter(transitions)).value}")
        for state, following in transitions.items():
            lines += [f"    {state.value} --> {after.value}" for after in sorted(following)]
            if not following:
                lines.append(f"    {state.value} --> [*]")
        parts.append(f"## {title}\n\n```mermaid\n" + "\n".join(lines) + "\n```\n")
    return "\n".join(parts)
