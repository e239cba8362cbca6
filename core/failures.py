"""Why a job failed, in words for the people who run it again; the technical text stays beside (R-ALL-2)."""

_NO_PROCESS = "Le programme qui le faisait s’est arrêté à chaque essai, sans doute faute de mémoire."
_DATABASE = "La base de données n’a pas répondu ou a refusé l’écriture. Relancez le travail quand elle est revenue."
_RIGHTS = "Un fichier n’a pas pu être lu ou écrit : vérifiez le disque et ses droits d’accès, puis relancez."
_TOO_LONG = "Il a dépassé le temps permis. Relancez-le à un moment plus calme."
_MAIL = (
    "Le serveur de messagerie n’a pas répondu ou a refusé le message : vérifiez ses réglages et l’adresse, puis "
    "relancez."
)
_UNKNOWN = (
    "Une erreur inattendue l’a interrompu. Relancez-le ; si elle revient, transmettez le détail technique à la "
    "personne chargée de l’exploitation."
)

_BY_ERROR = {
    "DiskFullError": "Le disque est plein : faites de la place, puis relancez le travail.",
    "NoHandlerError": "Cette version du logiciel ne sait pas le faire : terminez la mise à jour, puis relancez.",
    "EvidenceChangedError": "Les évaluations changeaient pendant l’édition. Relancez-le maintenant qu’elles sont là.",
    "PrintsDifferentlyError": (
        "Le fichier d’origine manque, et cette version du logiciel ne l’imprime plus à l’identique : il faut le "
        "reprendre dans une sauvegarde."
    ),
    "DoesNotExist": "Ce qu’il concernait n’existe plus.",
    "OperationalError": _DATABASE,
    "InterfaceError": _DATABASE,
    "IntegrityError": _DATABASE,
    "ConnectionRefusedError": _MAIL,
    "SMTPAuthenticationError": _MAIL,
    "SMTPConnectError": _MAIL,
    "SMTPDataError": _MAIL,
    "SMTPHeloError": _MAIL,
    "SMTPNotSupportedError": _MAIL,
    "SMTPRecipientsRefused": _MAIL,
    "SMTPSenderRefused": _MAIL,
    "SMTPServerDisconnected": _MAIL,
    "TimeoutError": _MAIL,
    "gaierror": _MAIL,
    "FatalURLFetchingError": "Le document demandait une ressource interdite : il a été refusé par sécurité.",
    "OSError": _RIGHTS,
    "PermissionError": _RIGHTS,
    "FileNotFoundError": _RIGHTS,
    "MemoryError": "La mémoire a manqué. Relancez-le à un moment plus calme.",
    "SoftTimeLimitExceeded": _TOO_LONG,
    "TimeoutExpired": _TOO_LONG,
}

_SAID_IN_WORDS = frozenset({"SigningKeyRefused", "CannotSign"})
"""Refusals: their message is the sentence people read."""


def explanation(last_error: str) -> str:
    """A French sentence for ``last_error``, "Type : message" as a runner wrote it; what to do included."""
    error, separator, message = last_error.partition(" : ")
    if not separator:
        return _NO_PROCESS
    return message if error in _SAID_IN_WORDS else _BY_ERROR.get(error, _UNKNOWN)
