"""The preprocessor's word tables in ``data/lexicons`` and the hash that ties a model to them."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.settings import data_dir

NEGATORS = frozenset({"tidak", "belum", "jangan", "bukan", "tanpa", "kurang"})
"""Words that turn a sentence's meaning round; no table and no stop list may drop one."""


def words(text: str) -> frozenset[str]:
    """Return the set of the words in *text*."""
    return frozenset(text.split())


@dataclass(frozen=True)
class Lexicons:
    """Word tables, all keys lower-case ``[a-z0-9-]``.

    ``slang``: form → standard words. ``protected``: forms the stemmer leaves alone.
    ``exceptions``: form → stems where Sastrawi is wrong. ``digest``: sha256 of the files.
    """

    slang: dict[str, tuple[str, ...]]
    protected: frozenset[str]
    acronyms: frozenset[str]
    exceptions: dict[str, tuple[str, ...]]
    digest: str


def read_table(path: Path) -> list[dict[str, str]]:
    """Read one tab-separated table with a header; comment lines begin with ``#``."""
    with path.open(encoding="utf-8", newline="") as file:
        lines = (line for line in file if not line.startswith("#"))
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def load_lexicons() -> Lexicons:
    """Load the tables once a process."""
    folder = data_dir() / "lexicons"
    paths = [folder / name for name in ("slang.tsv", "dilindungi.tsv", "pengecualian.tsv")]
    slang, protected, exceptions = (read_table(path) for path in paths)
    digest = hashlib.sha256()
    for path in paths:
        # Line ends differ between checkouts on Windows and elsewhere; the words do not.
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return Lexicons(
        slang={row["bentuk"]: tuple(row["baku"].split()) for row in slang},
        protected=frozenset(row["bentuk"] for row in protected),
        acronyms=frozenset(row["bentuk"] for row in protected if row["jenis"] == "akronim"),
        exceptions={row["bentuk"]: tuple(row["akar"].split()) for row in exceptions},
        digest=digest.hexdigest(),
    )


@cache
def load_stems() -> dict[str, str]:
    """Return the stems that Sastrawi gives common forms (``akar.tsv``): faster than stemming, and the same."""
    lines = (data_dir() / "lexicons" / "akar.tsv").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines[1:])
