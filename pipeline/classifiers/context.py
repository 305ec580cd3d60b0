"""What the words around a phrase say: it happens, is feared, is over, or is denied. Tone is left out."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.classifiers.scene import WALLS, Scene, words

_NEGATORS = words("tidak bukan belum tanpa jangan nihil bebas")
_LIGHT = words(
    "ada pernah sampai sedang lagi juga sama sekali jadi terjadi menjadi timbul akibat sebab akan bisa "
    "dapat ikut kena alam yang rasa satu pun perlu masalah"
)
"""Stems that may stand between a negator and what it denies (`tidak pernah ada korban`)."""
_BREAKS = WALLS | words("sudah meski walau maka soal")
_FEARS = words(
    "takut khawatir cemas kuatir wedi sieun hariwang risiko potensi rawan riskan hindar cegah antisipasi "
    "waspada tunggu andai umpama misal terancam ancam mengancam"
)
_SOON = words("sebelum sewaktu-waktu sewaktu2 hampir nyaris")
_PURPOSE = words("agar supaya biar moga harap mudah")
_IF = words("kalau jika bila apabila bilamana jikalau andai andaikata misal")
_THAT = words("lapor bilang kata tahu info kabar beritahu sampai terang jelas")
"""Stems after which `kalau` means *that*."""
_REPORT = words("lapor adu info informasi kabar tanya")
"""Stems whose own modal says nothing of what they report (`mau melaporkan kebakaran`)."""
_MODALS = words("bisa dapat akan bakal mungkin mau")
_NOW = words("sudah telah sedang sekarang barusan tadi")
_ONCE = words("dulu dahulu pernah bien")
_SOLVED = words(
    "aman surut baik selesai normal tangani tangan evakuasi sembuh tebang lancar pulih reda atasi bersih tutup"
)
_WET = words("hujan banjir genang rendam luap")
_BUT = words("tapi tetapi namun malah belum tidak kembali lagi")
_EVERY = words("tiap selalu sering kerap langgan langganan musim rutin")
"""Stems that make a flood a matter of every rain, not of today."""
_CAUSED = words("nyawa kesehatan kekerasan layanan_putus bahaya_fasilitas bencana pungli_korupsi")
"""Reasons that can be feared, supposed or over; the other kinds can only be denied (a fault also feared)."""


def context_status(scene: Scene, places: Sequence[int], kind: str, reason: str, *, grave: bool = False) -> str:
    """Return the status of the phrase for *reason* with words at *places* that is by itself *kind*."""
    first, last = places[0], places[-1]
    full = reason in _CAUSED
    if (full or reason == "keluhan") and _feared(scene, first):
        return "mungkin"
    if _denied(scene, first, last, full):
        return "negasi"
    if not full or kind != "terjadi":
        return kind
    inner = _inner(scene, places)
    if inner:
        return inner
    if _supposed(scene, first, last, refused=reason == "kekerasan"):
        return "mungkin"
    if reason == "bencana" and _recurring(scene, first, last, grave):
        return "mungkin"
    return "lewat" if _over(scene, first, last) else "terjadi"


def _inner(scene: Scene, places: Sequence[int]) -> str | None:
    """Return what the words inside the phrase's gaps say (`ranting rawan patah`, `pohon tidak tumbang`)."""
    for place in sorted(set(range(places[0], places[-1])) - set(places), reverse=True):
        stem = scene.stems[place]
        if place + 1 == places[-1]:
            if stem in {"tidak", "belum", "bukan"}:
                return "negasi"
            if stem in _ONCE:
                return "lewat"
            if stem in {"mau", "hampir", "nyaris"} | _NOW:
                return None
        if stem in _FEARS | _IF or (stem in _MODALS and stem != "mau" and not _negated_at(scene, place)):
            return "mungkin"
    return None


def _feared(scene: Scene, first: int) -> bool:
    """Fear, prevention, `jangan sampai`, `agar tidak`, `sebelum`: also where a negator stands nearer."""
    negated = False
    for back in range(1, 13):
        place = first - back
        if not scene.joined(first, place):
            return False
        stem = scene.stems[place]
        if stem in _BREAKS:
            return False
        if stem in _PURPOSE and negated:
            return True
        if stem == "jangan" and (back <= 3 or scene.stems[place + 1] == "sampai"):
            return True
        if back <= 8 and stem in _FEARS and (stem != "ancam" or scene.is_form(place, _FEARS)):
            return not _negated_at(scene, place) and (stem != "tunggu" or back <= 4)
        if back <= 4 and scene.is_form(place, _SOON):
            return True
        negated = negated or stem in _NEGATORS
    return False


def _negated_at(scene: Scene, place: int) -> bool:
    return scene.joined(place, place - 1) and scene.stems[place - 1] in _NEGATORS


def _denied(scene: Scene, first: int, last: int, full: bool) -> bool:
    """`tidak (pernah) (ada)` before it, or `tidak ada` / `nihil` that ends the clause after it."""
    for back in range(1, 5):
        place = first - back
        if not scene.joined(first, place) or not scene.same_clause(first, place):
            break
        stem = scene.stems[place]
        if stem in _NEGATORS and not scene.is_form(place, _SOON):
            # `apa tidak membahayakan` asks for agreement.
            asked = scene.joined(place, place - 1) and scene.stems[place - 1] in {"apa", "apakah"}
            return not asked
        if stem not in _LIGHT:
            break
    after = last + 1
    if not full or not scene.joined(last, after) or not scene.same_clause(last, after):
        return False
    if scene.stems[after] == "nihil":
        return True
    if scene.stems[after] != "tidak" or not scene.joined(after, after + 1):
        return False
    ends = not scene.joined(after, after + 2) or not scene.same_clause(after, after + 2)
    return ends and scene.stems[after + 1] in {"ada", "jadi"}


def _supposed(scene: Scene, first: int, last: int, *, refused: bool) -> bool:
    """A modal or a condition before it, or a condition right after it.

    *refused*: `kalau tidak (dikasih, membayar)` is no condition but what the threat is about.
    """
    for back in range(1, 7):
        place = first - back
        if not scene.joined(first, place):
            break
        stem = scene.stems[place]
        if stem in _BREAKS | _NOW:
            break
        before = scene.stems[place - 1] if place else ""
        if stem in _IF and refused and scene.stems[place + 1] in _NEGATORS:
            break
        if (stem in _IF and before not in _THAT) or scene.stems[place : place + 2] == ["ketika", "ada"]:
            return True
        if stem in _REPORT:
            break
        reach = 1 if stem == "mau" else 3
        meant = stem in _MODALS and before not in _NEGATORS and scene.is_form(place, _MODALS)
        if meant and back <= reach:
            return True
    after = last + 1
    if not scene.joined(last, after) or not scene.same_clause(last, after):
        return False
    started = scene.joined(first, first - 1) and scene.stems[first - 1] in _NOW
    if refused and after + 1 < len(scene.stems) and scene.stems[after + 1] in _NEGATORS:
        return False
    return not started and scene.stems[after] in _IF


def _recurring(scene: Scene, first: int, last: int, grave: bool) -> bool:
    """`setiap hujan banjir`; a flood that is not grave also where another sentence says `sering banjir`."""
    before = [place for place in range(first - 7, first) if scene.joined(first, place)]
    if any(scene.stems[place] in _EVERY for place in before):
        return True
    if grave or _WET.isdisjoint(scene.stems[first : last + 1]):
        return False
    return scene.every(_EVERY, _WET)


def _over(scene: Scene, first: int, last: int) -> bool:
    """Long ago, or put right in the same sentence (`sudah surut`)."""
    for back in range(1, 5):
        place = first - back
        if not scene.joined(first, place) or scene.stems[place] in _BREAKS:
            break
        if scene.stems[place] in _ONCE:
            return True
    before = [place for place in range(first - 8, first) if scene.joined(first, place)]
    thanked = any(scene.stems[place] == "alhamdulillah" for place in before)
    ahead = [place for place in range(last + 1, last + 10) if scene.joined(last, place)]
    stems = [scene.stems[place] for place in ahead]
    for at, stem in enumerate(stems):
        near = stems[at + 1 : at + 4]
        if at < 3 and stem == "tahun" and not {"lalu", "silam"}.isdisjoint(near[:2]):
            return True
        solved = stem in {"sudah", "telah"} and not _SOLVED.isdisjoint(near[:2])
        if solved and _BUT.isdisjoint(stems[at : at + 6]):
            return True
        if at < 2 and stem in {"dulu", "dahulu"} and at == len(stems) - 1:
            return True
    return thanked
