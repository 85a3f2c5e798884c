"""The command line ``aiir``.

Exit codes: 0 done, 1 the thing judged fell short, 2 the call or the input was wrong.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Run ``aiir``; an error raised on purpose becomes its message and exit code 2."""
    from aiir_lab.cli.app import app
    from aiir_lab.records.errors import AiirError

    try:
        app()
    except AiirError as error:
        print(f"aiir: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    except BrokenPipeError:
        # the reader (head, less) has gone; that is not our error
        sys.stderr.close()
        raise SystemExit(0) from None
