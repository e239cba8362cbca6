"""The child process of ``core.pdf.render_isolated``: a JSON request on stdin, a PDF on stdout.

It ends with the render, and its memory with it. On failure it exits with 1 and names the kind of error on stderr,
never its message, which could quote the document.
"""

import gc
import json
import logging
import os
import sys

from core.pdf import FontMissingError, render, unpacked


def main() -> int:
    """Render the one request waiting on stdin."""
    gc.disable()
    logging.getLogger("weasyprint").disabled = True
    request = json.load(sys.stdin.buffer)
    try:
        pdf = render(
            request["html"],
            stylesheets=request["stylesheets"],
            attachments=[unpacked(packed) for packed in request["attachments"]],
            variant=request["variant"],
        )
    except FontMissingError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except Exception as error:
        sys.stderr.write(f"{type(error).__name__}\n")
        return 1
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # Pango keeps a thread of its own: the interpreter's farewell unloads the library under it and now and then crashes.
    os._exit(status)
