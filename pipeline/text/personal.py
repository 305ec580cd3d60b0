"""Personal data in a complaint's text: found, typed and masked.

Numbers and names are found by ``lokal-id`` (Samaran); it runs at a few hundred texts a second, so a cheap guard
decides which texts it sees. Added here: web addresses, a number of 14-18 digits after the word NIK or KK
whatever its digits, and names after the commonest cues. A ticket number is not personal data.
Whole addresses are not masked: the place is what routing needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lokal.samaran import detect_pii

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
    "NAME": "nama",
    "URL": "url",
}
"""Detector's type → the type that a masked token carries."""
_LOKAL_TYPES = [name for name in TYPES if name != "URL"]

CHUNK = 4_000
"""Characters the detector sees at once, so that its cost stays linear in the text's length."""


@dataclass(frozen=True, slots=True)
class Span:
    """One masked stretch ``text[start:end]`` of kind *kind* (a value of :data:`TYPES`)."""

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
_HONORIFIC_NAME = re.compile(
    r"\b(?:[Bb]apak|[Ii]bu|[Pp]ak|[Bb]u|BAPAK|IBU|[Ss]audar[ai]|(?:[Bb]pk|BPK|[Ss]dr[ai]?)\.?) "
    r"(?P<value>[A-Z][a-z]{2,20}(?: [A-Z][a-z]{2,20}){0,3})"
)
_GUARD = re.compile(
    r"[0-9](?:[ .\-()/]?[0-9]){6}|@|\[at\]"
    r"|\b[A-Za-z]{1,2} ?[0-9]{3,4} ?[A-Za-z]{2,3}\b"
    r"|\b(?:nama|bernama|namanya|inisial)\b|\b[Aa](?:[./]n\b|n[. ])|\b(?:NAMA|Nama)\b"
)
_TICKET_CUE = re.compile(
    r"(?i)\b(?:tiket|ticket|tracking|laporan|aduan|pengaduan|lapor|antrian|antrean|resi|registrasi|surat)"
    r"(?:nya|ku)?\W{0,3}(?:saya\W)?(?:dengan|dgn)?\W?(?:no(?:mor)?|id)?\W{0,4}(?:saya\W)?$"
)
_NOT_PLATE_END = frozenset({"rt", "rw", "yg", "di", "dan", "no", "ke", "km", "thn", "jam", "hr", "m", "kk", "org"})
_NOT_A_NAME = frozenset(
    [
        "wali",
        "walikota",
        "bupati",
        "gubernur",
        "lurah",
        "camat",
        "kepala",
        "presiden",
        "menteri",
        "ketua",
        "kades",
        "kadis",
        "dinas",
        "dispenduk",
        "polisi",
        "guru",
        "dokter",
        "petugas",
        "pemkot",
        "pemda",
        "pemerintah",
        "kota",
        "kecamatan",
        "kelurahan",
        "desa",
        "rt",
        "rw",
        "warga",
        "mohon",
        "tolong",
        "dan",
        "yang",
        "yth",
        "hormat",
        "jokowi",
        "rumah",
        "saya",
        "kami",
    ]
)
_MANY_DIGITS = re.compile(r"[0-9](?:[ .\-]?[0-9]){13}")
"""Every id has them: a text without is not searched for one (:data:`_ID_AFTER_CUE`, :data:`_BARE_ID`)."""
_SPACED_NAME = re.compile(r"[kKuUaAiIrR.] [A-Z][a-z]{2}")
"""The end of every honorific and the beginning of a name: a text without has no :data:`_HONORIFIC_NAME`."""
_NEW_SENTENCE = re.compile(r"(?i)\b(?:pak|bu|bapak|ibu)\.\s*$")


def find_personal(text: str) -> list[Span]:
    """Return the personal data in repaired *text*, in order, without overlaps."""
    found: list[Span] = []
    if "/" in text or "www." in text.lower():
        found += [Span(m.start(), m.end(), "url") for m in _URL.finditer(text)]
    if _MANY_DIGITS.search(text):
        for match in _ID_AFTER_CUE.finditer(text):
            cue = match["cue"].lower()
            kind = "kk" if cue.startswith(("kk", "k.k", "kartu")) else "nik"
            found.append(Span(match.start("value"), match.end("value"), kind))
        found += [Span(m.start(), m.end(), "nik") for m in _BARE_ID.finditer(text)]
    if _SPACED_NAME.search(text):
        for match in _HONORIFIC_NAME.finditer(text):
            found.append(Span(match.start("value"), match.end("value"), "nama"))
    if _GUARD.search(text):
        found += _detect(text)
    return _without_overlaps(span for span in found if _is_personal(text, span))


def mask(text: str, spans: Iterable[Span] | None = None) -> str:
    """Return *text* with each stretch of personal data replaced by its type, such as ``[NIK]``."""
    parts, end = [], 0
    for span in find_personal(text) if spans is None else spans:
        parts += [text[end : span.start], f"[{span.kind.upper()}]"]
        end = span.end
    return "".join([*parts, text[end:]])


def _detect(text: str) -> list[Span]:
    return [
        Span(start + match.start, start + match.end, TYPES[match.type])
        for start, end in _chunks(text)
        for match in detect_pii(text[start:end], types=_LOKAL_TYPES)  # type: ignore[arg-type]
    ]


def _chunks(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = min(start + CHUNK, len(text))
        # Cut at a space, so that no number is parted.
        space = text.rfind(" ", start + CHUNK // 2, end) if end < len(text) else -1
        end = space if space > 0 else end
        yield start, end
        start = end


def _is_personal(text: str, span: Span) -> bool:
    if span.kind == "nama":
        words = text[span.start : span.end].lower().split()
        before = text[max(0, span.start - 12) : span.start]
        return words[0] not in _NOT_A_NAME and not _NEW_SENTENCE.search(before)
    if span.kind == "plat":
        return text[span.start : span.end].lower().split()[-1] not in _NOT_PLATE_END
    if span.kind in {"url", "email"}:
        return True
    return not _TICKET_CUE.search(text[max(0, span.start - 40) : span.start])


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
