"""Complaints in any number whose vocabulary keeps growing as real text's does.

The first texts are the corpus itself, shuffled. After that each text is one of them with a share of its words exchanged
for other words of the corpus and, now and then, a word that nobody has written yet. How often follows Heaps' law
(distinct words = factor x texts ^ exponent), fitted on the corpus. Everything is seeded: a smaller file is the
beginning of a larger one.
"""

from __future__ import annotations

import csv
import math
import random
import re
import string
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
REAL = ROOT.parent / "shared" / "data" / "surabaya.csv"
STARTER = ROOT / "data" / "starter"
EXCHANGED = 0.05
"""Share of a repeated text's words that are exchanged."""
HEADER = ("id", "tanggal", "isi", "kecamatan")
_WORD = re.compile(r"\w+")


class Complaint(NamedTuple):
    """One row of the corpus."""

    date: str
    text: str
    place: str


@dataclass(frozen=True)
class Written:
    """A file of complaints: its rows, mean length of a text in characters, bytes."""

    path: Path
    rows: int
    mean_length: float
    size: int


def corpus(real: Path = REAL) -> list[Complaint]:
    """Return Surabaya's complaints, or where they are absent the starter corpus (which has no dates or places)."""
    if real.is_file():
        return [Complaint(row["tanggal"], row["isi"], row["kecamatan"]) for row in _read(real)]
    return [Complaint("", row["isi"], "") for name in ("daerah.csv", "korpus.csv") for row in _read(STARTER / name)]


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def words_of(text: str) -> list[str]:
    """Return the words of *text* in lower case."""
    return _WORD.findall(text.lower())


def growth_law(texts: Sequence[str]) -> tuple[float, float]:
    """Return (factor, exponent) of the number of distinct words after n texts; from half and all of *texts*."""
    half = len(texts) // 2
    known = {word for text in texts[:half] for word in words_of(text)}
    at_half = len(known)
    known.update(word for text in texts[half:] for word in words_of(text))
    exponent = math.log(len(known) / at_half) / math.log(len(texts) / half)
    return len(known) / len(texts) ** exponent, exponent


def grow(originals: Sequence[Complaint], count: int, seed: int = 0) -> Iterator[Complaint]:
    """Yield *count* complaints; the same ones for the same corpus and seed."""
    rng = random.Random(seed)
    order = list(originals)
    rng.shuffle(order)
    yield from order[:count]
    if count <= len(order):
        return
    factor, exponent = growth_law([row.text for row in order])
    pieces = [piece for row in order for piece in row.text.split(" ")]
    counts = Counter(word for row in order for word in words_of(row.text))
    rare = [word for word, times in counts.items() if times == 1]
    known = set(counts)
    owed = 0.0
    for number in range(len(order), count):
        row = order[rng.randrange(len(order))]
        parts = row.text.split(" ")
        for _ in range(round(EXCHANGED * len(parts))):
            parts[rng.randrange(len(parts))] = pieces[rng.randrange(len(pieces))]
        owed += factor * exponent * number ** (exponent - 1)
        while owed >= 1:
            parts[rng.randrange(len(parts))] = _new_word(rng, rare, known)
            owed -= 1
        yield row._replace(text=" ".join(parts))


def _new_word(rng: random.Random, rare: Sequence[str], known: set[str]) -> str:
    """Return a word that is not in *known*, and add it: a word written once, with one letter or digit changed.

    Words written once are what new words look like: slips, names, numbers, rare affixes.
    """
    while True:
        word = rare[rng.randrange(len(rare))]
        at = rng.randrange(len(word))
        letters = string.digits if word[at].isdigit() else string.ascii_lowercase
        put = rng.choice(letters) * rng.randrange(2) + word[at] * rng.randrange(2)
        word = word[:at] + put + word[at + 1 :]
        if len(word) > 1 and word not in known:
            known.add(word)
            return word


def write_csv(path: Path, rows: Iterable[Complaint]) -> Written:
    """Write *rows* with running ids, one at a time, and return what was written."""
    count = length = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for row in rows:
            count += 1
            length += len(row.text)
            writer.writerow((count, row.date, row.text, row.place))
    return Written(path, count, length / max(count, 1), path.stat().st_size)
