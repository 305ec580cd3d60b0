"""Three citizens' voices for each theme: near its middle, unlike each other, of readable length, nobody named."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.reports.monev.themes.finding import Themes
from pipeline.reports.monev.themes.naming import is_persons_name
from pipeline.reports.monev.themes.words import place_stems
from pipeline.text import mask_texts, repair
from pipeline.text.lexicons import load_lexicons
from pipeline.text.stemmer import sastrawi
from pipeline.text.words import WordStemmer

QUOTES = 3
_LOOKED_AT = 40
"""Texts nearest to a theme's middle among which quotations are looked for."""
_SHORTEST, _LONGEST = 50, 600
"""Characters of the whole text: shorter ones say little, longer ones are about several things."""
_SHOWN = 200
_ALIKE = 0.5
_HOUSE = re.compile(
    r"(?i)\b(?P<before>(?:no(?:mor|mer)?|blok|kav(?:ling|eling)?|unit|kamar|lantai)\b[ .:]{0,3})"
    r"(?=[a-z0-9/\-]*[0-9])[a-z0-9/\-]+"
)
_STREET = re.compile(
    r"(?i)\b(?P<street>(?:jl|jln|jalan|gang|gg|perum(?:ahan)?|kampung|dukuh)\b[ .]{0,2}(?:[a-z]+ ){0,2}?[a-z]*)"
    r"[ .]{0,2}(?:[ivx]+[ /\-]?)?[0-9][a-z0-9/\-]*"
)
_ROMAN_AND_NUMBER = re.compile(r"(?i)\b[ivx]{1,5}[ ]?[/\-][ ]?[0-9]+[a-z]?\b")
_NUMBER = "[NOMOR]"
_MORE_NUMBERS = re.compile(r"(?i)\[NOMOR\](?:\s*(?:,|-|&|dan|s/d|sampai)\s*[0-9]+[a-z]?\b)+")
_LEFT = re.compile(r"[0-9][0-9 .\-/]{5,}[0-9]")
_TITLED = re.compile(
    r"(?i:\b(?:pak|bu|bpk|bapak|ibu|sdr|sdri|saudara|saudari|mas|mbak|a\.? ?n\.?|bernama|nama(?:nya)?|inisial|"
    r"dr|drg|ustadz?|haji|hj)\b)[ .:]{1,3}"
    r"(?!(?i:wali|walikota|bupati|gubernur|lurah|camat|rt|rw|ketua|kepala|presiden|menteri|kadis|guru|dokter|eri|yth|"
    r"saya|dan)\b)[A-Z][a-z]+"
)
_ANNOUNCED = re.compile(r"(?i)nama\s*[:=(]|\balamat\b|\ba\.n\b|\batas nama\b")
_MARK = re.compile(r"\[(?!NOMOR\]|URL\])[A-Z]+\]")
_CAPITALS = re.compile(r"\b([A-Z][A-Za-z']{2,})\s+(?=([A-Z][A-Za-z']{2,}))")
_RT_RW = re.compile(r"(?i)\b(?P<before>r[tw])[ .:/]{0,3}[0-9]{1,3}\b")
_OTHER_NUMBERS = re.compile(
    r"(?i)(?<![\w\[.,/:\-])(?!(?:19|20)[0-9]{2}\b)[0-9]{1,4}[a-z]?\b(?![.,:/\-]?[0-9])"
    r"(?!\s*(?:hari|minggu|mgg|pekan|bulan|bln|tahun|thn|th|kali|x|jam|menit|meter|m2|m|km|cm|persen|%|orang|org|"
    r"kk|anak|ribu|rb|"
    r"juta|jt|titik|buah|lampu|malam|pagi|siang|sore|januari|februari|maret|april|mei|juni|juli|agustus|september|"
    r"oktober|november|desember)\b)"
)
"""A number that is no length of time, amount or year may be that of a house."""
_ACCUSES = re.compile(
    r"(?i)\b(?:selaku|oknum|pungli|pungutan|korupsi|suap|gratifikasi|selingkuh|menyalahgunakan|penggelapan|"
    r"(?:minta|meminta|dimintai?) (?:uang|bayaran|imbalan)|uang tutup|bendahara|sekdes|kades|"
    r"kepala (?:desa|dusun|sekolah)|kadus|lurah|camat|modin|ketua r[tw]|(?:pak|bu|bapak|ibu) r[tw]|"
    r"kasar|arogan|preman|pelaku|tetangga)\b"
)
"""What accuses somebody whom the place makes known: such words are for the inspectorate, not for a report."""
_WHO = re.compile(
    r"(?i)\b(?:pak|bu|bpk|bapak|ibu|oleh|petugas|sdr|mas|mbak)[ .]{1,2}"
    r"(?P<first>[a-z']{3,})(?: (?P<second>[a-z']{3,}))?"
)
_UNPRINTABLE = re.compile("[\U00002190-\U00002bff\U0000fe00-\U0000fe0f\U0001f000-\U0001faff]+")
_WORD = re.compile(r"[A-Za-z']+")
_OFFICIALS = frozenset({"eri", "cahyadi", "jokowi", "prabowo", "joko", "widodo"})


def quotes(
    themes: Themes, texts: Any, rows: NDArray[np.bool_] | None = None, quotable: NDArray[np.bool_] | None = None
) -> tuple[tuple[str, ...], ...]:
    """Return up to three masked quotations of each theme, taken from *rows* (all by default; bool per row).

    Only rows that are *quotable* (bool per row; leave out reports that are secret) are quoted. A text that still holds
    something like a name or a long number after masking is passed over, so a theme may have fewer than three.
    """
    allowed = np.ones(len(themes.of), dtype=bool) if rows is None else rows.copy()
    if quotable is not None:
        allowed &= quotable
    return tuple(_of_theme(themes, theme, texts, allowed) for theme in range(len(themes.definitions)))


def _of_theme(themes: Themes, theme: int, texts: Any, allowed: NDArray[np.bool_]) -> tuple[str, ...]:
    members = np.flatnonzero(allowed & (themes.of == theme))
    nearest = members[np.argsort(-themes.score[members], kind="stable")[: 4 * _LOOKED_AT]]
    read = [(float(themes.score[row]), _text(texts, int(row))) for row in nearest]
    # Equal scores in the order of the text, so that the order of the rows changes nothing.
    about = {word.lower() for phrase in themes.phrases[theme] for word in phrase.split()}
    fitting = sorted(
        {
            (-len(about & set(text.lower().split())), -score, text)
            for score, text in read
            if _SHORTEST <= len(text) <= _LONGEST
        }
    )[:_LOOKED_AT]
    chosen: list[str] = []
    for text in mask_texts([text for *_, text in fitting]):
        shown = without_addresses(" ".join(_UNPRINTABLE.sub(" ", text).split()))
        if not is_safe(shown) or any(_likeness(shown, other) > _ALIKE for other in chosen):
            continue
        chosen.append(shown)
        if len(chosen) == QUOTES:
            break
    return tuple(map(_cut, chosen))


def _text(texts: Any, row: int) -> str:
    text = texts.iloc[row] if isinstance(texts, pd.Series) else texts[row]
    return repair(text).strip() if isinstance(text, str) else ""


def without_addresses(text: str) -> str:
    """Return *text* without numbers that may be a house's, block's, RT's or RW's: with the street they name a home."""
    text = _RT_RW.sub(lambda found: f"{found['before']} {_NUMBER}", text)
    text = _HOUSE.sub(lambda found: found["before"] + _NUMBER, text)
    text = _ROMAN_AND_NUMBER.sub(_NUMBER, text)
    text = _STREET.sub(lambda found: f"{found['street'].rstrip()} {_NUMBER}", text)
    return _OTHER_NUMBERS.sub(_NUMBER, _MORE_NUMBERS.sub(_NUMBER, text))


def is_safe(masked: str) -> bool:
    """Tell whether nothing in masked text looks like a person's name, a long number or an account any more.

    Who gives an identity number gives a name and a home, too, so any mark of personal data makes a text unfit.
    """
    if "@" in masked or any(found.search(masked) for found in (_MARK, _LEFT, _TITLED, _ANNOUNCED, _ACCUSES)):
        return False
    if any(_is_unknown(word) for found in _WHO.finditer(masked) for word in found.groups() if word):
        return False
    if any(all(map(_is_unknown, pair)) for pair in _CAPITALS.findall(masked)):
        return False
    written = [word for word in _WORD.findall(masked) if word[0].isupper() and word.lower() not in _OFFICIALS]
    return not any(is_persons_name(word.lower()) for word in written if len(word) > 2)


@lru_cache(maxsize=20_000)
def _is_unknown(word: str) -> bool:
    """Tell whether a capitalised word is no word of the language, no abbreviation and no region."""
    lexicons, known = load_lexicons(), sastrawi().get_dictionary()
    form = word.lower()
    plain = (form, *WordStemmer()(form)) if form.isalnum() else (form,)
    return not any(
        known.contains(one) or one in lexicons.protected or one in lexicons.slang or one in place_stems()
        for one in plain
    )


def _likeness(one: str, other: str) -> float:
    first, second = ({word.lower() for word in _WORD.findall(text)} for text in (one, other))
    return len(first & second) / max(min(len(first), len(second)), 1)


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1].rsplit(" ", 1)[0] + " …"
