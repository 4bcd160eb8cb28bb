"""`python -m tdteam`: the command line; says plainly what to install when the libraries are missing."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def run() -> None:
    """Hand over to the commands."""
    try:
        from tdteam.cli import main
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.partition(".")[0] == "tdteam":
            raise
        words = json.loads((Path(__file__).parent / "data/first_words.json").read_text("utf-8"))
        sys.stderr.write(words["packages_missing"] % missing.name + "\n")
        sys.exit(1)
    main()


if __name__ == "__main__":
    run()
