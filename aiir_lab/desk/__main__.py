"""``python -m aiir_lab.desk``: a desk without the rest of the course."""

from __future__ import annotations

import argparse
import sys

from aiir_lab.desk.server import end_with_input, run_desk
from aiir_lab.records.errors import AiirError


def main(arguments: list[str] | None = None) -> int:
    """Serve a desk; 0 when it was ended, 2 when it could not begin."""
    parser = argparse.ArgumentParser(prog="aiir desk", description="The ops desk on this machine's loopback.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--announce", help="file for base URLs and keys (mode 0600)")
    parser.add_argument("--db", help="SQLite file that survives restarts")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--allow-external", action="store_true", help="needed for any host but loopback")
    parser.add_argument("--allow-host", action="append", default=[], help="another Host name to answer to")
    parser.add_argument("--tied", action="store_true", help="end when standard input closes")
    given = parser.parse_args(arguments)
    if given.tied:
        end_with_input()
    try:
        run_desk(
            port=given.port,
            announce=given.announce,
            db=given.db,
            host=given.host,
            allow_external=given.allow_external,
            allowed_hosts=tuple(given.allow_host),
        )
    except AiirError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
