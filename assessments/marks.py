"""What may be written in a mark: bounds and plain text, said in French when refused."""

import re
from dataclasses import dataclass, replace

from assessments.enums import Verdict
from core.exceptions import InvalidInput

TEXT_LIMIT = 5_000  # characters
COUNT_LIMIT = 999

# The names of HTML alone: « List<int> » and « x<y et z>t » are what data scientists write.
_TAGS = (
    "a|abbr|address|area|article|aside|audio|b|base|bdo|big|blockquote|body|br|button|canvas|center|cite|code|dd|del|"
    "details|dialog|div|dl|dt|em|embed|fieldset|figure|font|footer|form|frame|frameset|h[1-6]|head|header|hr|html|i|"
    "iframe|img|input|ins|kbd|label|legend|li|link|main|map|marquee|math|meta|nav|noscript|object|ol|option|p|param|"
    "picture|pre|q|s|samp|script|section|select|small|source|span|strike|strong|style|sub|summary|sup|svg|table|tbody|"
    "td|template|textarea|tfoot|th|thead|title|tr|tt|u|ul|video"
)
_MARKUP = re.compile(
    rf"</?(?:{_TAGS})(?:\s[^<>]*)?/?>|<!--|<(?:script|iframe|img|svg|style|object|embed|link|meta)\b", re.IGNORECASE
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class MarkValue:
    """A mark's content; "" is a verdict not given yet.

    ``comment`` is for the candidate, ``private_note`` for the jury, ``questions`` what was asked and answered.
    ``ticks`` (positions of sub-items) and ``counted`` propose a verdict and never decide it (R-REF-4).
    ``to_ask`` flags what was not seen and must be asked.
    """

    verdict: str = ""
    comment: str = ""
    private_note: str = ""
    questions: str = ""
    ticks: tuple[int, ...] = ()
    counted: int | None = None
    to_ask: bool = False

    def checked(self) -> "MarkValue":
        """Itself, line ends folded and ticks in order; raises :class:`InvalidInput` with the sentence to show."""
        if self.verdict not in ("", *Verdict.values):
            raise InvalidInput("Le verdict est « acquis » ou « non acquis ».")
        if len(self.ticks) > COUNT_LIMIT or not all(0 <= tick <= COUNT_LIMIT for tick in self.ticks):
            raise InvalidInput("Les sous-éléments cochés sont ceux du critère. Rechargez la page.")
        if self.counted is not None and not 0 <= self.counted <= COUNT_LIMIT:
            raise InvalidInput(f"Le nombre compté va de 0 à {COUNT_LIMIT}.")
        return replace(
            self,
            comment=_checked_field(self.comment, "comment", "Le commentaire"),
            private_note=_checked_field(self.private_note, "private_note", "La note pour le jury"),
            questions=_checked_field(self.questions, "questions", "Le journal des questions"),
            ticks=tuple(sorted(set(self.ticks))),
        )


def _checked_field(text: str, field: str, name: str) -> str:
    try:
        return checked_text(text, name)
    except InvalidInput as refusal:
        refusal.field = field  # so that the verdict given with it can be stored without it (R-SCO-3)
        raise


def checked_text(text: str, name: str) -> str:
    """The text with line ends folded; raises :class:`InvalidInput` naming it (``name``, with its article)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > TEXT_LIMIT:
        raise InvalidInput(f"{name} dépasse {TEXT_LIMIT} caractères ({len(text)}). Raccourcissez le texte.")
    if _CONTROL.search(text):
        raise InvalidInput(f"{name} contient des caractères invisibles. Retirez-les ou retapez le passage.")
    if _MARKUP.search(text):
        raise InvalidInput(f"{name} contient des balises HTML. Écrivez en texte simple, sans < ni > autour d’un mot.")
    return text
