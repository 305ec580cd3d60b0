"""From the names in a text to one place: which name of each level the matter belongs to, and what they stand for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from pipeline.routing.places.line import Line
from pipeline.routing.places.mentions import BARE, CUED, Mention, Unknown
from pipeline.routing.places.place import NOWHERE, Place, place_of_codes
from pipeline.routing.places.regions import (
    DISTRICT,
    PROVINCE,
    REGENCY,
    VILLAGE,
    Codes,
    key_of,
    lies_in,
    parent_of,
    regions,
)

_AGREES, _AGAIN = 1.0, 0.4
_LEAST_TYPED, _LONG_NAME, _NAME_WORDS = 6, 10, 3
"""Letters of a name in which one wrong letter is put right, and two; words that are tried as a name."""


def mended(line: Line, sure: Sequence[Mention], unknown: Unknown) -> Mention | None:
    """Return what a misspelt name means: one wrong letter, two in long names, beside a known parent or child."""
    names = _expected(unknown.level, sure)
    best = _closest(line, unknown.start, names) if names else None
    if best is None:
        return None
    key, size = best
    return Mention(unknown.level, names[key], unknown.start - 1, unknown.start + size, CUED - 0.5)


def _expected(level: int, sure: Sequence[Mention]) -> dict[str, Codes]:
    """Return the names of *level* that would agree with the names that are sure."""
    known = regions()
    if level == REGENCY:
        return known.keys(REGENCY)
    by_level = {there: [m for m in sure if m.level == there] for there in (REGENCY, DISTRICT, VILLAGE)}
    names: dict[str, Codes] = {}
    if level == DISTRICT:
        for mention in by_level[VILLAGE]:
            for code in {parent_of(code) for code in mention.codes}:
                names[key_of(known.name(code))] = (code,)
    parents = (by_level[DISTRICT] if level == VILLAGE else []) or by_level[REGENCY]
    for mention in parents:
        for parent in mention.codes[:5]:
            names |= known.names_within(parent, level)
    return names


def _closest(line: Line, start: int, names: dict[str, Codes]) -> tuple[str, int] | None:
    """Return the one name nearest to the words from *start*, and how many words it takes."""
    best: tuple[int, str, int] | None = None
    for size in range(1, _NAME_WORDS + 1):
        if start + size > len(line.words) or (size > 1 and not line.soft(start + size - 1)):
            break
        written = "".join(line.words[start : start + size])
        if len(written) < _LEAST_TYPED:
            continue
        far = 2 if len(written) >= _LONG_NAME else 1
        near = process.extract(written, names.keys(), scorer=OSA.distance, score_cutoff=far, limit=2)
        if not near or (len(near) > 1 and near[0][1] == near[1][1]):
            continue
        if best is None or near[0][1] < best[0]:
            best = (int(near[0][1]), near[0][0], size)
    return (best[1], best[2]) if best else None


def named(mentions: Sequence[Mention]) -> list[Mention]:
    """Return *mentions* with those of offices that may be named after a kecamatan or a desa settled by what agrees."""
    if not any(mention.other for mention in mentions):
        return list(mentions)
    settled = []
    for mention in mentions:
        upper = [other for other in mentions if other.level <= REGENCY]
        if mention.other and upper and not any(_agree(mention, other) for other in upper):
            desa = mention._replace(level=VILLAGE, codes=mention.other)
            mention = desa if any(_agree(desa, other) for other in upper) else mention
        settled.append(mention)
    return settled


Names = tuple[tuple[int, Codes, float, bool], ...]
"""What speaks for a place: level, codes, weight and doubt of each mention, in the order of the text."""


@lru_cache(maxsize=20_000)
def place_of(names: Names) -> Place:
    """Return the place that the *names* of one text stand for together; codes only, no text is remembered."""
    mentions = [Mention(level, codes, 0, 0, weight, doubtful) for level, codes, weight, doubtful in names]
    mentions = [m for m in mentions if not m.doubtful or _has_kin(m, mentions)]
    chosen: dict[int, Mention] = {}
    for level in (REGENCY, PROVINCE, DISTRICT, VILLAGE):
        best = _best(level, mentions, list(chosen.values()))
        if best is not None:
            chosen[level] = best
    _drop_contradicted(chosen)
    codes: Codes = ()
    notes: list[str] = []
    kept: list[tuple[str, Mention]] = []
    known = regions()
    for level, field in ((PROVINCE, "provinsi"), (REGENCY, "kabkota"), (DISTRICT, "kecamatan"), (VILLAGE, "desa")):
        mention = chosen.get(level)
        if mention is None:
            continue
        inside = tuple(code for code in mention.codes if not codes or any(lies_in(code, there) for there in codes))
        if not inside and mention.weight < CUED - 1:
            continue
        kept.append((field, mention))
        if not inside:
            notes.append(f"{_spelling(mention, codes)} tidak terletak di {known.name(codes[0])}")
            continue
        if inside[0].count(".") + 1 != level:
            notes.append(f"{_spelling(mention, inside)} ada dalam daftar Kemendagri, tetapi bukan sebagai {field}")
        codes = inside
    if not kept:
        return NOWHERE
    return place_of_codes(codes, note="; ".join(notes), **{field: _spelling(m, codes) for field, m in kept})


def _spelling(mention: Mention, codes: Codes) -> str:
    """Return the official name, of the region that agrees with *codes*, else as most regions of the name write it."""
    known = regions()
    same = [code for code in mention.codes if any(lies_in(there, code) or lies_in(code, there) for there in codes)]
    names = Counter(known.name(code) for code in same or mention.codes)
    return names.most_common(1)[0][0]


def _drop_contradicted(chosen: dict[int, Mention]) -> None:
    """Take out a city or province without a cue in which no finer name lies though one is given with a cue."""
    for level in (PROVINCE, REGENCY):
        upper = chosen.get(level)
        finer = [mention for there, mention in chosen.items() if there > level]
        if upper is None or upper.weight > BARE or not any(mention.weight >= BARE for mention in finer):
            continue
        if not any(_agree(upper, mention) for mention in finer):
            del chosen[level]


def _has_kin(mention: Mention, mentions: Sequence[Mention]) -> bool:
    return any(other is not mention and not other.doubtful and _agree(mention, other) for other in mentions)


def _agree(one: Mention, other: Mention) -> bool:
    if one.level == other.level:
        return False
    upper, lower = (one, other) if one.level < other.level else (other, one)
    heads = set(upper.codes)
    return any(".".join(code.split(".")[: upper.level]) in heads for code in lower.codes)


def _best(level: int, mentions: Sequence[Mention], chosen: Sequence[Mention]) -> Mention | None:
    """Return the mention of *level* for which most speaks; the first of several."""
    here = [mention for mention in mentions if mention.level == level]
    if len(here) < 2:
        return here[0] if here else None
    others = [*chosen, *(m for m in mentions if m.level > level)]

    def worth(mention: Mention) -> float:
        # A city that is named again; of several kecamatan or desa the first is where the matter lies.
        again = min(sum(other.codes == mention.codes for other in here) - 1, 2) if level == REGENCY else 0
        kin = sum(_agree(mention, other) for other in others) > 0
        return mention.weight + _AGAIN * again + _AGREES * kin

    best = max(here, key=worth)
    same = [m for m in here if set(m.codes) & set(best.codes)]
    fewest = min(same, key=lambda m: len(m.codes))
    # Kota and kabupaten of one name: what one mention leaves open another may say.
    return best._replace(codes=fewest.codes) if set(fewest.codes) < set(best.codes) else best
