"""Laws and regulations that citizens name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_KINDS = {
    "undang-undang": "UU", "undang undang": "UU", "uu": "UU", "peraturan pemerintah": "PP", "pp": "PP",
    "peraturan presiden": "Perpres", "perpres": "Perpres", "keputusan presiden": "Keppres", "keppres": "Keppres",
    "instruksi presiden": "Inpres", "inpres": "Inpres", "peraturan menteri dalam negeri": "Permendagri",
    "permendagri": "Permendagri", "permendikbud": "Permendikbud", "permenkes": "Permenkes", "permensos": "Permensos",
    "permenpan": "PermenPANRB", "permenpanrb": "PermenPANRB", "permendes": "Permendes", "permenaker": "Permenaker",
    "peraturan daerah": "Perda", "perda": "Perda", "peraturan wali kota": "Perwali", "peraturan walikota": "Perwali",
    "perwali": "Perwali", "perwako": "Perwali", "peraturan bupati": "Perbup", "perbup": "Perbup",
    "peraturan gubernur": "Pergub", "pergub": "Pergub", "peraturan desa": "Perdes", "perdes": "Perdes",
}  # fmt: skip
_KIND = "|".join(sorted((re.escape(kind) for kind in _KINDS), key=lambda kind: (-len(kind), kind)))
_LAW = re.compile(
    rf"(?i)\b(?P<kind>{_KIND})\b(?: ?(?:ri|republik indonesia|kota|kab(?:upaten)?|provinsi)\b(?: [a-z]+)?)?"
    r"[ .,]{0,2}(?:no(?:mor|mer)?\b)?[ .:]{0,3}(?P<number>[0-9]{1,3})\b"
    r"(?:(?:[ ,]{1,2}(?:tahun|thn|th)[ .]{0,2}|[ ]?/[ ]?)(?P<year>(?:19|20)[0-9]{2})\b)?"
)


def laws_in(text: str) -> list[str]:
    """Return the laws that *text* names by kind and number, in one spelling: ``Perda 5/2014``, ``UU 23``."""
    found = []
    for match in _LAW.finditer(" ".join(text.split())):
        year = f"/{match['year']}" if match["year"] else ""
        found.append(f"{_KINDS[match['kind'].lower()]} {int(match['number'])}{year}")
    return list(dict.fromkeys(found))


_LEAST = 2
"""Texts that must name a law: one may be a slip of the pen."""


def named_laws(texts: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """Return the laws that most of *texts* name, each text counted once, at most *most*."""
    counts = Counter(law for text in texts for law in laws_in(text))
    return tuple(
        law for law, many in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most] if many >= _LEAST
    )
