"""From the names in a text to one place: which name of each level the matter belongs to, and what they stand for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations

from rapidfuzz import process
from rapidfuzz.distance import OSA

from pipeline.routing.places.line import Line
from pipeline.routing.places.mentions import BARE, CUED, DESTINATION, Mention, Unknown
from pipeline.routing.places.place import FIELDS, NOWHERE, PREFIXES, Place, place_of_codes
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
    mentions, going_to = _staying(mentions)
    chosen: dict[int, Mention] = {}
    for level in (REGENCY, PROVINCE, DISTRICT, VILLAGE):
        best = _best(level, mentions, list(chosen.values()))
        if best is not None:
            chosen[level] = best
    if not chosen:
        return NOWHERE
    odd = _drop_contradicted(chosen)
    read = _fit(chosen)
    kept, codes = _together(chosen)
    if len(codes) > 1 and going_to:
        # Where somebody moves to may still tell namesakes apart: the offices of both are often one region's.
        codes = tuple(c for c in codes if any(lies_in(c, there) for m in going_to for there in m.codes)) or codes
    odd += [mention for level, mention in sorted(chosen.items()) if level not in kept and mention.weight >= CUED - 1]
    notes = [f"teks juga menyebut {_written(mention)}, yang tidak sejalan dengan wilayah ini" for mention in odd]
    notes += [note for level, note in read.items() if level in kept]
    for level, inside in kept.items():
        if inside[0].count(".") + 1 != level:
            name = _spelling(chosen[level], inside)
            notes.append(f"{name} ada dalam daftar Kemendagri, tetapi bukan sebagai {FIELDS[level]}")
    return place_of_codes(
        codes, note="; ".join(notes), **{FIELDS[level]: _spelling(chosen[level], codes) for level in kept}
    )


def _staying(mentions: list[Mention]) -> tuple[list[Mention], list[Mention]]:
    """Return the mentions without those that somebody moves to, and those, where others name more than what is around.

    The second list is empty where all are kept.
    """
    going = [m for m in mentions if m.weight <= DESTINATION]
    if not going:
        return mentions, going
    others = [m for m in mentions if m.weight > DESTINATION]
    finest = max(m.level for m in going)
    more = any(m.level >= finest or not any(_agree(m, there) for there in going) for m in others)
    return (others, going) if more else (mentions, [])


def _fit(chosen: dict[int, Mention]) -> dict[int, str]:
    """Give a kecamatan or desa outside the region named with it the namesake inside, if there is one.

    *Kec. Margorejo, Kab. Sleman* is a desa there; *Desa Sriharjo, Kec. Ngaglik* is Sariharjo there. Returns by level
    the note that a name was read as another.
    """
    known, notes = regions(), dict[int, str]()
    for level, other in ((DISTRICT, VILLAGE), (VILLAGE, DISTRICT)):
        mention = chosen.get(level)
        uppers = [chosen[there] for there in (DISTRICT, REGENCY) if there < level and there in chosen]
        strong = [upper for upper in uppers if upper.weight >= CUED]
        if mention is None or mention.weight < CUED or not strong or any(_agree(upper, mention) for upper in uppers):
            continue
        key = key_of(known.name(mention.codes[0]))
        codes = tuple(c for c in known.codes(key, other) if any(lies_in(c, there) for there in strong[0].codes))
        if not codes and len(key) >= _LEAST_TYPED:
            names: dict[str, Codes] = {}
            for parent in strong[0].codes[:5]:
                names |= known.names_within(parent, level)
            near = [name for name, _, _ in process.extract(key, names.keys(), scorer=OSA.distance, score_cutoff=1)]
            if not near and level == VILLAGE and strong[0].level == DISTRICT:
                near = [name for name in names if name.startswith(key)]
            codes = names[near[0]] if len(near) == 1 else ()
            if codes:
                notes[level] = f"{known.name(mention.codes[0])} dibaca sebagai {known.name(codes[0])}"
        if codes:
            chosen[level] = mention._replace(codes=codes)
    return notes


def _together(chosen: dict[int, Mention]) -> tuple[dict[int, Codes], Codes]:
    """Return the levels whose names lie in each other with the codes each leaves, and the codes of all of them.

    Where not all do: the most names that have a cue or are a city's, then the most, then a region that is one for
    certain, the finest.
    """
    levels = sorted(chosen)
    best: tuple[tuple[int, int, bool, int, float], dict[int, Codes], Codes] | None = None
    for size in range(len(levels), 0, -1):
        for part in combinations(levels, size):
            inside = _chain([(level, chosen[level].codes) for level in part])
            if inside is None:
                continue
            codes = inside[part[-1]]
            if size == len(levels):
                return inside, codes
            weights = [chosen[level].weight for level in part]
            strong = sum(weight >= CUED - 1 for weight in weights)
            worth = (strong, size, len(codes) == 1, codes[0].count("."), sum(weights))
            if best is None or worth > best[0]:
                best = worth, inside, codes
    assert best is not None  # a single level always stands
    return best[1], best[2]


def _chain(names: Sequence[tuple[int, Codes]]) -> dict[int, Codes] | None:
    """Return by level the codes that lie in those of the level before; ``None`` where there are none."""
    found: dict[int, Codes] = {}
    codes: Codes = ()
    for level, here in names:
        codes = tuple(code for code in here if not codes or any(lies_in(code, there) for there in codes))
        if not codes:
            return None
        found[level] = codes
    return found


def _written(mention: Mention) -> str:
    """Return the name with the word that tells its level, for a note."""
    name = _spelling(mention, ())
    if mention.level == REGENCY:
        return "/".join(sorted({regions().kind(code) for code in mention.codes})) + " " + name
    return PREFIXES[mention.level] + name


def _spelling(mention: Mention, codes: Codes) -> str:
    """Return the official name, of the region that agrees with *codes*, else as most regions of the name write it."""
    known = regions()
    same = [code for code in mention.codes if any(lies_in(there, code) or lies_in(code, there) for there in codes)]
    names = Counter(known.name(code) for code in same or mention.codes)
    return names.most_common(1)[0][0]


def _drop_contradicted(chosen: dict[int, Mention]) -> list[Mention]:
    """Take out a city or province without a cue in which no finer name lies though one is given with a cue.

    Returns those that the text does not merely name as somebody's origin.
    """
    dropped: list[Mention] = []
    for level in (PROVINCE, REGENCY):
        upper = chosen.get(level)
        finer = [mention for there, mention in chosen.items() if there > level]
        if upper is None or upper.weight > BARE or not any(mention.weight >= BARE for mention in finer):
            continue
        if not any(_agree(upper, mention) for mention in finer):
            del chosen[level]
            if upper.weight >= BARE:
                dropped.append(upper)
    return dropped


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
