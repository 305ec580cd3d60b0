"""The decision rules on real complaints: one section a rule, each with the command that prints it.

    python benchmarks/decisions.py                 # all sections
    python benchmarks/decisions.py guard places    # some
    python benchmarks/decisions.py --write         # and write them into docs/decisions.md

Needs ../shared (`keputusan.csv`, `pasangan.csv`, `surabaya.csv`, the Bandung export).
"""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

from speed_report import insert

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
DOCUMENT = ROOT / "docs" / "decisions.md"
SECTIONS = ("policy", "guard", "kind", "places", "similar", "deadlines")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sections", nargs="*", choices=[*SECTIONS, []], default=[])
    parser.add_argument("--write", action="store_true", help="write the sections into docs/decisions.md")
    options = parser.parse_args()
    if not DATA.is_dir():
        print("../shared is absent: the real complaints are not part of the repository.", file=sys.stderr)
        return 2
    text = DOCUMENT.read_text(encoding="utf-8")
    for name in options.sections or SECTIONS:
        lines = importlib.import_module(f"decisions_{name}").lines()
        command = f"`python benchmarks/decisions.py {name}` prints this."
        block = "\n".join([*lines, "", command])
        print(block, "\n", flush=True)
        text = insert(text, {name: block})
    if options.write:
        DOCUMENT.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
