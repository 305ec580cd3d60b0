"""Write data/lexicons/akar.tsv: stems that Sastrawi gives the commonest forms; a cold process need not stem them.

    python docs/make_stems.py FILE.csv...     # files with a column `isi`; only single forms are counted

Only forms that lead to a root of Sastrawi's dictionary stay: no names, no misspellings. The table changes no token.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter
from itertools import islice
from pathlib import Path

from Sastrawi.Stemmer.Stemmer import Stemmer
from Sastrawi.Stemmer.StemmerFactory import ArrayDictionary, StemmerFactory

FOLDER = Path(__file__).resolve().parents[1] / "data" / "lexicons"
MOST = 50_000
LONGEST = 40
_FORM = re.compile(r"[a-z]+(?:-[a-z]+)?")


def main(files: list[str]) -> None:
    """Count the forms of *files* and of the starter corpus, stem the commonest, write the table."""
    roots = set(StemmerFactory().get_words())
    stemmer = Stemmer(ArrayDictionary(list(roots)))
    counts: Counter[str] = Counter()
    for name in [*files, *map(str, sorted((FOLDER.parent / "starter").glob("*.csv")))]:
        with Path(name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                counts.update(form for form in _FORM.findall((row.get("isi") or "").lower()) if len(form) <= LONGEST)
    stems = ((form, stemmer.stem_word(form)) for form, _ in counts.most_common())
    kept = islice((pair for pair in stems if pair[1] in roots and pair[1] != pair[0]), MOST)
    lines = sorted("\t".join(pair) for pair in kept)
    (FOLDER / "akar.tsv").write_text("\n".join(["bentuk\takar", *lines]) + "\n", encoding="utf-8")
    print(f"{len(lines):,} forms")


if __name__ == "__main__":
    main(sys.argv[1:])
