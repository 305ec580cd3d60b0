"""A region that a complaint names, and how columns of an export complete it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.routing.places.regions import (
    DISTRICT,
    PROVINCE,
    REGENCY,
    VILLAGE,
    Codes,
    common_part,
    key_of,
    lies_in,
    regions,
)  # fmt: skip

MOST_CANDIDATES = 5
FIELDS = {PROVINCE: "provinsi", REGENCY: "kabkota", DISTRICT: "kecamatan", VILLAGE: "desa"}
PREFIXES = {VILLAGE: "Desa/Kel. ", DISTRICT: "Kec. ", REGENCY: "", PROVINCE: ""}
_KINDS = {"kab": False, "kabupaten": False, "kota": True, "kotamadya": True}
_PREFIXES = {"prov", "provinsi", "propinsi", "kec", "kecamatan", "distrik", "kel", "kelurahan", "desa", "ds", "adm"}
_PREFIXES |= {"administrasi", *_KINDS}
_STATUS = {"kel": "1", "kelurahan": "1", "desa": "2", "ds": "2"}
_PROVINCES = {
    "jakarta": "31", "daerahkhususibukotajakarta": "31", "daerahkhususjakarta": "31",
    "yogyakarta": "34", "daerahistimewayogyakarta": "34",
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """What a text or the columns name, official names without prefix, ``""`` where a level is not named.

    ``code``: Kemendagri's dotted code of the finest region that is certain; it may lie below or above the names (a
    kecamatan's code stands for its kabupaten and province, too). ``candidates``: codes of the regions that the names
    may mean when there are several, at most five; ``total`` says how many there are. ``note``: what an officer should
    know, such as columns that say something else.
    """

    provinsi: str = ""
    kabkota: str = ""
    kecamatan: str = ""
    desa: str = ""
    code: str = ""
    candidates: tuple[str, ...] = ()
    total: int = 0
    note: str = ""

    def __bool__(self) -> bool:
        return bool(self.provinsi or self.kabkota or self.kecamatan or self.desa)

    @property
    def ambiguous(self) -> bool:
        """Whether the names may mean several regions."""
        return bool(self.candidates)

    @property
    def label(self) -> str:
        """What people read: ``Desa/Kel. X, Kec. Y, Kab. Bandung, Jawa Barat``; implied levels are shown, too.

        A name that is in no list as the level that the text calls it (*kelurahan Rungkut*) is not shown.
        """
        known, parts = regions(), list[str]()
        for level, prefix in PREFIXES.items():
            code = _part(self.code, level)
            name = known.name(code) if code else self._open_name(level)
            if name and level == REGENCY:
                prefix = (known.kind(code) if code else self._kinds()) + " "
            if name:
                parts.append(prefix + name)
        return ", ".join(parts)

    @property
    def possible(self) -> tuple[str, ...]:
        """Labels of the candidates."""
        return tuple(Place(code=code).label for code in self.candidates)

    def _open_name(self, level: int) -> str:
        """Return the name of *level* where several regions may bear it."""
        shown = any(_part(code, level) for code in self.candidates) or not (self.candidates or self.code)
        return str(getattr(self, FIELDS[level])) if shown else ""

    def _kinds(self) -> str:
        kinds = {regions().kind(_part(code, REGENCY)) for code in self.candidates}
        return "/".join(sorted(kinds - {""})) or "Kab./Kota"

    def completed_by(self, other: Place) -> Place:
        """Return this place with what *other* (an export's columns) adds; where they contradict, this one wins."""
        mine, theirs = _codes_of(self), _codes_of(other)
        if not other or (self and not theirs):
            return self
        if not self:
            return other
        names = {name: getattr(self, name) for name in FIELDS.values()}
        for level in range(max(code.count(".") for code in theirs) + 1, 0, -1):
            # The columns' finest level may be wrong where a coarser one still tells what the text means.
            there = tuple(dict.fromkeys(_part(code, level) for code in theirs if _part(code, level)))
            inside = tuple(code for code in mine if any(lies_in(code, part) for part in there))
            finer = tuple(part for part in there if any(lies_in(part, code) for code in mine))
            if not inside and not finer:
                continue
            if all(code.count(".") < level for code in theirs):
                added = {name: value or getattr(other, name) for name, value in names.items()}
                return place_of_codes(inside or finer, note=self.note, **added)
            if inside and len(inside) < len(mine):
                return place_of_codes(inside, note=_differs(other), **names)
        return replace(self, note=_differs(other))


NOWHERE = Place()


def _differs(other: Place) -> str:
    return f"kolom wilayah menyebut {other.label}"


def _part(code: str, level: int) -> str:
    """Return the part of *code* that stands for *level*; ``""`` where it does not go so far."""
    parts = code.split(".")
    return ".".join(parts[:level]) if code and len(parts) >= level else ""


def _codes_of(place: Place) -> Codes:
    """Return every code that *place* may stand for."""
    if place.total <= len(place.candidates):
        return place.candidates or ((place.code,) if place.code else ())
    for level in (VILLAGE, DISTRICT, REGENCY, PROVINCE):
        name = getattr(place, FIELDS[level])
        if name:
            codes = regions().codes(key_of(name), level)
            return tuple(code for code in codes if _agrees(code, place, level))
    return ()


def _agrees(code: str, place: Place, level: int) -> bool:
    """Tell whether *code* lies where *place* says: in its code, and in regions of the names above *level*."""
    named = ((_part(code, upper), getattr(place, FIELDS[upper])) for upper in range(PROVINCE, level))
    inside = not place.code or lies_in(code, place.code)
    return inside and all(not name or regions().name(part) == name for part, name in named)


def place_of_codes(codes: Codes, *, note: str = "", **names: str) -> Place:
    """Return the place with *names* that *codes* may stand for: certain where there is one, else with candidates."""
    several = tuple(dict.fromkeys(codes)) if len(set(codes)) > 1 else ()
    return Place(
        **names, code=common_part(codes), candidates=several[:MOST_CANDIDATES], total=len(several), note=note
    )  # fmt: skip


def place_of_columns(provinsi: str, kabkota: str, kecamatan: str, desa: str) -> Place:
    """Return the place that an export's columns name (``Provinsi``, ``Kota/Kabupaten``, ``Kecamatan``, ``Kelurahan``).

    Prefixes (``Kab.``, ``Kota``, ``Kec.`` …) may stand there; a name that the list lacks, or that does not lie in the
    region that the coarser columns name, is left out. A kabupaten/kota without prefix that both a kabupaten and a kota
    bear means the kabupaten, for SP4N-LAPOR writes cities as ``Kota …``, unless the finer columns lie in the kota only.
    ``Kel.`` and ``Desa`` tell namesakes apart by their status, the first digit of the code's last part.
    """
    known = regions()
    names, chosen = dict[str, str](), tuple[str, ...]()
    for level, value in ((PROVINCE, provinsi), (REGENCY, kabkota), (DISTRICT, kecamatan), (VILLAGE, desa)):
        prefix, key = _without_prefix(value)
        codes = known.codes(key, level) if key else ()
        if level == PROVINCE and key in _PROVINCES:
            codes = (_PROVINCES[key],)
        if level == REGENCY and prefix in _KINDS:
            codes = tuple(code for code in codes if known.is_city(code) == _KINDS[prefix]) or codes
        inside = tuple(code for code in codes if not chosen or any(lies_in(code, there) for there in chosen))
        if inside:
            names[FIELDS[level]], chosen = known.name(inside[0]), inside
    if len(chosen) > 1 and "kabkota" in names:
        chosen = tuple(code for code in chosen if not known.is_city(_part(code, REGENCY))) or chosen
    if len(chosen) > 1 and "desa" in names:
        status = _STATUS.get(_without_prefix(desa)[0], "")
        chosen = tuple(code for code in chosen if code.rpartition(".")[2].startswith(status)) or chosen
    return place_of_codes(chosen, **names) if chosen else NOWHERE


def _without_prefix(value: str) -> tuple[str, str]:
    """Return the first prefix word of *value* and the key of the rest; a name that is a prefix word stays."""
    words = value.replace(".", " ").lower().split()
    prefix = ""
    while len(words) > 1 and words[0] in _PREFIXES:
        prefix = prefix or words[0]
        words = words[1:]
    return prefix, key_of("".join(words))
