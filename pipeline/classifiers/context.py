"""What the words around a phrase say: it happens, is feared, is over, or is denied. Tone is left out."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.classifiers.scene import Scene
from pipeline.classifiers.sentences import WALLS
from pipeline.text.lexicons import words

NEGATORS = words("tidak bukan belum tanpa jangan nihil bebas")
_LIGHT = words(
    "ada pernah sampai sedang lagi juga sama sekali jadi terjadi menjadi timbul akibat sebab akan bisa "
    "dapat ikut kena alam yang rasa satu pun perlu masalah"
)
"""Stems that may stand between a negator and what it denies (`tidak pernah ada korban`)."""
_BREAKS = WALLS | words("sudah meski walau maka soal")
FEARS = words(
    "takut khawatir cemas kuatir wedi sieun hariwang risiko potensi rawan riskan hindar cegah antisipasi "
    "waspada tunggu andai umpama misal terancam ancam mengancam"
)
SOON = words("sebelum sewaktu-waktu sewaktu2 hampir nyaris")
PURPOSE = words("agar supaya biar moga harap mudah")
IF = words("kalau jika bila apabila bilamana jikalau andai andaikata misal")
_THAT = words("lapor bilang kata tahu info kabar beritahu sampai terang jelas")
"""Stems after which `kalau` means *that*."""
_REPORT = words("lapor adu info informasi kabar tanya")
"""Stems whose own modal says nothing of what they report (`mau melaporkan kebakaran`)."""
MODALS = words("bisa dapat akan bakal mungkin mau")
_NOW = words("sudah telah sedang sekarang barusan tadi")
ONCE = words("dulu dahulu pernah bien")
_SOLVED = words(
    "aman surut baik selesai normal tangani tangan evakuasi sembuh tebang lancar pulih reda atasi bersih tutup"
)
_WET = words("hujan banjir genang rendam luap")
_BUT = words("tapi tetapi namun malah belum tidak kembali lagi")
EVERY = words("tiap selalu sering kerap langgan langganan musim rutin")
"""Stems that make a flood a matter of every rain, not of today."""
_BREAKS_OR_NOW = _BREAKS | _NOW
_FEARED_OR_IF = FEARS | IF
_JUST_NOW = _NOW | words("mau hampir nyaris")
_LOOK_BACK, _LOOK_AHEAD = 12, 9
"""Words before and after a phrase that the rules look at, inside its sentence."""
CAUSED = words("nyawa kesehatan kekerasan layanan_putus bahaya_fasilitas bencana pungli_korupsi")
"""Reasons that can be feared, supposed or over; the other kinds can only be denied (a fault also feared)."""


def context_status(scene: Scene, places: Sequence[int], kind: str, reason: str, *, grave: bool = False) -> str:
    """Return the status of the phrase for *reason* with words at *places* that is by itself *kind*."""
    first, last = places[0], places[-1]
    full = reason in CAUSED
    before = scene.before(first, _LOOK_BACK)
    if (full or reason == "keluhan") and _feared(scene, first, before):
        return "mungkin"
    after = scene.after(last, _LOOK_AHEAD)
    if _denied(scene, first, before) or (full and _denied_after(scene, last, after)):
        return "negasi"
    if not full or kind != "terjadi":
        return kind
    inner = _inner(scene, places)
    if inner:
        return inner
    if _supposed(scene, first, last, before, after, refused=reason == "kekerasan"):
        return "mungkin"
    if reason == "bencana" and _recurring(scene, first, last, before, grave):
        return "mungkin"
    return "lewat" if _over(before, after) else "terjadi"


def _inner(scene: Scene, places: Sequence[int]) -> str | None:
    """Return what the words inside the phrase's gaps say (`ranting rawan patah`, `pohon tidak tumbang`)."""
    for place in sorted(set(range(places[0], places[-1])) - set(places), reverse=True):
        stem = scene.stems[place]
        if place + 1 == places[-1]:
            if stem in {"tidak", "belum", "bukan"}:
                return "negasi"
            if stem in ONCE:
                return "lewat"
            if stem in _JUST_NOW:
                return None
        if stem in _FEARED_OR_IF or (stem in MODALS and stem != "mau" and not _negated_at(scene, place)):
            return "mungkin"
    return None


def _feared(scene: Scene, first: int, before: list[str]) -> bool:
    """Fear, prevention, `jangan sampai`, `agar tidak`, `sebelum`: also where a negator stands nearer."""
    negated = False
    for back, stem in enumerate(before, start=1):
        if stem in _BREAKS:
            return False
        if stem in PURPOSE and negated:
            return True
        if stem == "jangan" and (back <= 3 or before[back - 2] == "sampai"):
            return True
        if back <= 8 and stem in FEARS and (stem != "ancam" or scene.is_form(first - back, FEARS)):
            return not _negated_at(scene, first - back) and (stem != "tunggu" or back <= 4)
        if back <= 4 and scene.is_form(first - back, SOON):
            return True
        negated = negated or stem in NEGATORS
    return False


def _negated_at(scene: Scene, place: int) -> bool:
    return scene.joined(place, place - 1) and scene.stems[place - 1] in NEGATORS


def _denied(scene: Scene, first: int, before: list[str]) -> bool:
    """`tidak (pernah) (ada)` before it."""
    for back, stem in enumerate(before[:4], start=1):
        place = first - back
        if not scene.same_clause(first, place):
            return False
        if stem in NEGATORS and not scene.is_form(place, SOON):
            # `apa tidak membahayakan` asks for agreement.
            asked = scene.joined(place, place - 1) and scene.stems[place - 1] in {"apa", "apakah"}
            return not asked
        if stem not in _LIGHT:
            return False
    return False


def _denied_after(scene: Scene, last: int, after: list[str]) -> bool:
    """`tidak ada` / `nihil` that ends the clause after it."""
    if not after or not scene.same_clause(last, last + 1):
        return False
    if after[0] == "nihil":
        return True
    if after[0] != "tidak" or len(after) < 2:
        return False
    ends = len(after) < 3 or not scene.same_clause(last + 1, last + 3)
    return ends and after[1] in {"ada", "jadi"}


def _supposed(scene: Scene, first: int, last: int, before: list[str], after: list[str], *, refused: bool) -> bool:
    """A modal or a condition before it, or a condition right after it.

    *refused*: `kalau tidak (dikasih, membayar)` is no condition but what the threat is about.
    """
    for back, stem in enumerate(before[:6], start=1):
        place = first - back
        if stem in _BREAKS_OR_NOW:
            break
        earlier = scene.stems[place - 1] if place else ""
        if stem in IF and refused and scene.stems[place + 1] in NEGATORS:
            break
        if (stem in IF and earlier not in _THAT) or (stem == "ketika" and scene.stems[place + 1] == "ada"):
            return True
        if stem in _REPORT:
            break
        reach = 1 if stem == "mau" else 3
        if back <= reach and stem in MODALS and earlier not in NEGATORS and scene.is_form(place, MODALS):
            return True
    if not after or after[0] not in IF or not scene.same_clause(last, last + 1):
        return False
    if refused and last + 2 < len(scene.stems) and scene.stems[last + 2] in NEGATORS:
        return False
    return not (before and before[0] in _NOW)


def _recurring(scene: Scene, first: int, last: int, before: list[str], grave: bool) -> bool:
    """`setiap hujan banjir`; a flood that is not grave also where another sentence says `sering banjir`."""
    if not EVERY.isdisjoint(before[:7]):
        return True
    if grave or _WET.isdisjoint(scene.stems[first : last + 1]):
        return False
    return scene.every(EVERY, _WET)


def _over(before: list[str], after: list[str]) -> bool:
    """Long ago, or put right in the same sentence (`sudah surut`)."""
    for stem in before[:4]:
        if stem in _BREAKS:
            break
        if stem in ONCE:
            return True
    stems = after[:9]
    for at, stem in enumerate(stems):
        near = stems[at + 1 : at + 4]
        if at < 3 and stem == "tahun" and not {"lalu", "silam"}.isdisjoint(near[:2]):
            return True
        solved = stem in {"sudah", "telah"} and not _SOLVED.isdisjoint(near[:2])
        if solved and _BUT.isdisjoint(stems[at : at + 6]):
            return True
        if at < 2 and stem in {"dulu", "dahulu"} and at == len(stems) - 1:
            return True
    return "alhamdulillah" in before[:8]
