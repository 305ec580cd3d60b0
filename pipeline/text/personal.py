"""Personal data in a complaint's text: found and typed.

Cheap tests on words already numbered choose the few texts, and in these the few places, that ``lokal-id`` (Samaran)
then judges, for it reads a few hundred texts a second. Added here: web addresses, a number of 14-18 digits after the
word NIK or KK whatever its digits, and mobile numbers however they are grouped. A ticket number is not personal data.
Whole addresses are not masked: the place is what routing needs.

What masking left in a text (``[NIK]``) counts as personal data of that kind: a masked text, such as an exported
decision's, has the tokens of the text as it was, and masking it once more changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from lokal.phone import parse_phone
from lokal.samaran import detect_pii

from pipeline.text.lexicons import words
from pipeline.text.names import NameFinder
from pipeline.text.split import WordRows
from pipeline.text.table import MASK_KINDS, Lookup, WordTable
from pipeline.text.words import MAX_PARTS, MAX_WORD

TYPES: dict[str, str] = {
    "NIK": "nik",
    "KK": "kk",
    "PHONE": "telepon",
    "EMAIL": "email",
    "NPWP": "npwp",
    "BANK_ACCOUNT": "rekening",
    "CARD": "rekening",
    "PLATE": "plat",
    "PASSPORT": "dokumen",
    "NIP": "dokumen",
    "SIM": "dokumen",
    "BPJS": "dokumen",
    "NISN": "dokumen",
}
"""Detector's type → the type that a masked token carries."""
"""Detector's type → the type that a masked token carries."""


@dataclass(frozen=True, slots=True)
class Span:
    """One masked stretch ``text[start:end]`` of kind *kind* (one of :data:`~pipeline.text.table.MASK_KINDS`)."""

    start: int
    end: int
    kind: str


_LONG_NUMBER = r"[0-9](?:[ .\-]?[0-9]){13,17}(?![0-9])"
_ID_AFTER_CUE = re.compile(
    r"(?i)\b(?P<cue>nik|kk|k\.k|no\.? ?ktp|nomor ktp|e-?ktp|ktp-?el|kartu keluarga|nomor induk kependudukan)(?:nya)?\b"
    r"[^0-9\n]{0,25}(?P<value>" + _LONG_NUMBER + ")"
)
_BARE_ID = re.compile(r"(?<![0-9.,\-/])[1-9][0-9]{15}(?![0-9])")
_URL = re.compile(
    r"(?i)\b(?:https?://|www\.)\S+"
    r"|(?<![@\w.])(?:[a-z0-9-]{2,30}\.){1,4}(?:com|net|org|id|info|ly|me)/[^\s]+"
)
_MOBILE = re.compile(r"(?<![0-9])(?:\+?62|0)[ .\-]{0,2}8[0-9](?:[ .\-]?[0-9]){6,11}(?![0-9])")
_NUMBER = re.compile(r"[0-9](?:[ .\-()/]?[0-9]){6,}")
_ORDINARY = re.compile(
    r"(?:rp\.? ?)?[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]{2}|,-)?"
    r"|[0-9]{1,2}[ ./\-][0-9]{1,2}[ ./\-](?:19|20)[0-9]{2}(?: [0-9]{1,2}(?:[.:][0-9]{2})?)?"
    r"|(?:19|20)[0-9]{2}[ ./\-](?:19|20)[0-9]{2}"
    r"|[0-9]{1,2}[.:][0-9]{2} ?- ?[0-9]{1,2}[.:][0-9]{2}"
    r"|(?=[0-9 .\-]*/)(?!.*[0-9]{10}).*"
)
"""Amounts, dates, pairs of years, opening hours and references with a stroke: long numbers that are nobody's."""
_MARK = re.compile(rf"\[({'|'.join(MASK_KINDS).upper()})\]")
_AT = re.compile(r"@|\[at\]")
_PLATE_NUMBER = re.compile(r"[0-9]{3,4} ?[A-Za-z]{2,3}\b")
_PLATE_REGION = re.compile(r"(?:^|\W)([A-Za-z]{1,2} ?)$")
_NUMBER_CUE = re.compile(
    r"(?i)\b(?:no(?:mor)?\.? ?)?(?:rek(?:ening)?|norek|npwp|bpjs|nip|nisn|sim|paspor|passport|kartu|kk|nik|e?-?ktp|"
    r"hp|telp(?:on)?|telepon|tlp|tilp|wa|whatsapp|phone|kontak|contact|call|cp|hub|hubungi|atm|bank|bca|bri|bni|mandiri)\b"
)
_LONG = 13
"""Digits that make a number worth a look without any cue: identity numbers, cards."""
_BEFORE, _AFTER = 45, 12
"""Characters around a number or an address that the detector sees: what it goes by stands before it."""
_MOST = 4_000
"""Characters that the detector sees at once, so that its cost stays linear in a text's length."""
_TICKET_CUE = re.compile(
    r"(?i)\b(?:tiket|ticket|tracking|laporan|aduan|pengaduan|lapor|antrian|antrean|resi|registrasi|surat)"
    r"(?:nya|ku)?\W{0,3}(?:saya\W)?(?:dengan|dgn)?\W?(?:no(?:mor)?|id)?\W{0,4}(?:saya\W)?$"
)
_NOT_PLATE = words("rt rw yg di dan no ke km thn th dr jl gg nd sd rp jam hr m kk org")
_WEB = words("http https www com net org id info ly me")
_LETTERS = re.compile(r"[a-z]+")
_SEGMENT = re.compile(r"[a-z]+|[0-9]+")
_SEARCH, _WEB_WORD, _SHORT_END, _NUMBER_START = (1 << bit for bit in range(4))
_GLUED_PLATE = re.compile(r"[a-z]{1,2}[0-9]{3,4}(?![0-9])")
_NUMBER_FIRST = re.compile(r"[0-9]{3,4}(?![0-9])")
_SHORT_LAST = re.compile(r"(?:^|[^a-z0-9])[a-z]{1,2}$")
_LEAST_DIGITS, _LEAST_ID, _CUE_REACH = 7, 14, 60


class PersonalFinder:
    """Finds personal data in batches split with *table*."""

    def __init__(self, table: WordTable) -> None:
        self._names = NameFinder(table)
        self._flags = Lookup(table, "form", _flags, np.uint8)
        self._digits = Lookup(table, "form", lambda form: sum(map(str.isdigit, form)), np.int32)

    def __call__(self, words: WordRows) -> dict[int, list[Span]]:
        """Return the personal data of each text that has some, in order, without overlaps."""
        found = {row: list(_numbers(words.texts[row])) for row in self._suspects(words)}
        for row in self._with_address(words):
            found.setdefault(row, []).extend(
                Span(match.start(), match.end(), "url") for match in _URL.finditer(words.texts[row])
            )
        marks = {row: list(_marks(text)) for row, text in enumerate(words.texts) if "[" in text}
        for row, spans in marks.items():
            found.setdefault(row, []).extend(spans)
        for row, start, end in self._names(_behind(words, marks)):
            found.setdefault(row, []).append(Span(start, end, "nama"))
        return {row: _without_overlaps(spans) for row, spans in sorted(found.items()) if spans}

    def _suspects(self, words: WordRows) -> list[int]:
        """Return the texts that may hold a number or a mail address: all of them, and few others."""
        row, size = words.row, len(words)
        flags = self._flags.values()[words.form]
        shown = (flags & _SEARCH) != 0
        shown[1:] |= ((flags[:-1] & _SHORT_END) != 0) & ((flags[1:] & _NUMBER_START) != 0)
        found = np.bincount(row, shown, size) > 0
        found |= np.bincount(row, self._digits.values()[words.form], size) >= _LEAST_DIGITS
        for number, text in enumerate(words.texts):
            if "@" in text or "[at]" in text:
                found[number] = True
        return [int(number) for number in np.flatnonzero(found)]

    def _with_address(self, words: WordRows) -> list[int]:
        """Return the texts that may hold a web address."""
        web = np.flatnonzero(self._flags.values()[words.form] & _WEB_WORD)
        rows = np.unique(words.row[web]).tolist()
        return [row for row in rows if "/" in words.texts[row] or "www." in words.texts[row].lower()]


def _flags(form: str) -> int:
    if len(form) >= MAX_WORD or form.count("-") >= MAX_PARTS - 1:
        # The word may have been longer than its form.
        return _SEARCH
    flags = _WEB_WORD if not _WEB.isdisjoint(_SEGMENT.findall(form)) else 0
    flags |= _SEARCH if _GLUED_PLATE.search(form) else 0
    flags |= _SHORT_END if _SHORT_LAST.search(form) else 0
    return flags | (_NUMBER_START if _NUMBER_FIRST.match(form) else 0)


def _marks(text: str) -> Iterator[Span]:
    """Yield what was masked in *text* before."""
    for match in _MARK.finditer(text):
        yield Span(match.start(), match.end(), match[1].lower())


def _behind(words: WordRows, marks: dict[int, list[Span]]) -> WordRows:
    """Return *words* with the type in the place of each mark's word: the word ``NAMA`` of a mark announces no name."""
    if not marks:
        return words
    form = words.form.copy()
    for row, spans in marks.items():
        first, last = np.searchsorted(words.row, [row, row + 1])
        at = first + np.searchsorted(words.start[first:last], [span.start + 1 for span in spans])
        form[at] = [MASK_KINDS.index(span.kind) for span in spans]
    return replace(words, form=form)


def _numbers(text: str) -> Iterator[Span]:
    """Yield a text's numbers and mail addresses."""
    numbers = [match.span() for match in _NUMBER.finditer(text)]
    judged: list[tuple[int, int]] = []
    if numbers:
        for span in [*_ids(text, numbers), *_mobiles(text, numbers)]:
            judged.append((span.start, span.end))
            if not _is_ticket(text, span):
                yield span
    unsure = [place for place in numbers if _is_unsure(text, place, judged)]
    unsure += _plates(text)
    if "@" in text or "[at]" in text:
        unsure += [match.span() for match in _AT.finditer(text)]
    for start, end in _windows(text, sorted(unsure)):
        for found in detect_pii(text[start:end], types=list(TYPES)):  # type: ignore[arg-type]
            span = Span(start + found.start, start + found.end, TYPES[found.type])
            if not (
                _is_ticket(text, span) or (span.kind == "plat" and _letters(text[span.start : span.end]) & _NOT_PLATE)
            ):
                yield span


def _is_unsure(text: str, place: tuple[int, int], judged: list[tuple[int, int]]) -> bool:
    start, end = place
    if _ORDINARY.fullmatch(text, start, end):
        return False
    left = "".join(text[i] for i in range(start, end) if not any(begin <= i < stop for begin, stop in judged))
    digits = sum(map(str.isdigit, left))
    if digits < _LEAST_DIGITS:
        return False
    return digits >= _LONG or _NUMBER_CUE.search(text, max(0, start - _BEFORE), start) is not None


def _ids(text: str, numbers: list[tuple[int, int]]) -> Iterator[Span]:
    for start, end in numbers:
        if end - start < _LEAST_ID:
            continue
        for match in _ID_AFTER_CUE.finditer(text, max(0, start - _CUE_REACH), end):
            cue = match["cue"].lower()
            kind = "kk" if cue.startswith(("kk", "k.k", "kartu")) else "nik"
            yield Span(match.start("value"), match.end("value"), kind)
        for match in _BARE_ID.finditer(text, start, end):
            yield Span(match.start(), match.end(), "nik")


def _mobiles(text: str, numbers: list[tuple[int, int]]) -> Iterator[Span]:
    for start, end in numbers:
        for match in _MOBILE.finditer(text, max(0, start - 1), end):
            if parse_phone(match.group()).valid:
                yield Span(match.start(), match.end(), "telepon")


def _plates(text: str) -> Iterator[tuple[int, int]]:
    """Yield what looks like a vehicle's number; the letters before it are looked for from the digits backwards."""
    for match in _PLATE_NUMBER.finditer(text):
        region = _PLATE_REGION.search(text[max(0, match.start() - 4) : match.start()])
        if region and _NOT_PLATE.isdisjoint(_letters(region.group(1) + match.group())):
            yield match.start() - len(region.group(1)), match.end()


def _windows(text: str, places: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the stretches around *places*, cut between words, without overlaps, at most :data:`_MOST` long."""
    begin, end = 0, -1
    for start, stop in places:
        left = text.rfind(" ", 0, max(0, start - _BEFORE)) + 1 if start > _BEFORE else 0
        right = text.find(" ", stop + _AFTER)
        right = len(text) if right < 0 else right
        if left > end or right - begin > _MOST:
            if end > 0:
                yield begin, min(end, begin + _MOST)
            begin = max(left, end)
        end = max(end, right)
    if end > 0:
        yield begin, min(end, begin + _MOST)


def _is_ticket(text: str, span: Span) -> bool:
    return span.kind != "email" and _TICKET_CUE.search(text[max(0, span.start - 40) : span.start]) is not None


def _letters(plate: str) -> set[str]:
    return set(_LETTERS.findall(plate.lower()))


def _without_overlaps(spans: Iterable[Span]) -> list[Span]:
    """Keep the earlier, then the longer one; a number found twice keeps the type its cue gave (listed first)."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: s.start):
        if kept and span.start < kept[-1].end:
            if span.end > kept[-1].end:
                kept[-1] = Span(kept[-1].start, span.end, kept[-1].kind)
            continue
        kept.append(span)
    return kept
