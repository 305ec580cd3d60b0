"""Phrases of the guard's rules in one text, and which of those that overlap stand."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.routing.guard.rules import ACTORS, BREACH, HIDER, OFFICIAL, PRIVATE, RISK, WHOLE, PhraseRule


class Hit(NamedTuple):
    """A rule's phrase from token *first* to *last* (numbers in the batch)."""

    first: int
    last: int
    rule: PhraseRule

    def overlaps(self, other: Hit) -> bool:
        """Tell whether a word is shared."""
        return self.first <= other.last and other.first <= self.last


def standing(hits: list[Hit]) -> dict[str, list[Hit]]:
    """Return the hits by kind, by place: of actors that overlap the longest stands, and no hit a hider covers.

    A hider of actors must be longer than what it hides and not begin after it, so that ``ketua RT`` stands beside ``RT
    03`` and ``kepala desa`` before ``desa Sukamaju Kec``; one of breaches
    hides all but a breach (or risk) that has its words inside, unless its code says the whole.
    """
    result: dict[str, list[Hit]] = {BREACH: [], OFFICIAL: [], PRIVATE: [], HIDER: [], RISK: []}
    for hit in hits:
        result.setdefault(hit.rule.kind, []).append(hit)
    officials = {hit.last for hit in result[OFFICIAL]}
    for hider in result.pop(HIDER):
        if hider.rule.code != ACTORS and hider.first - 1 in officials:
            # *Lurah kami minta uang*: the pronoun is the official's, it does not ask.
            continue
        kinds = (OFFICIAL, PRIVATE) if hider.rule.code == ACTORS else (BREACH, RISK)
        for kind in kinds:
            if any(hider.overlaps(hit) for hit in result[kind]):
                result[kind] = [hit for hit in result[kind] if not _hides(hider, hit)]
    taken: set[int] = set()
    kept: dict[str, list[Hit]] = {OFFICIAL: [], PRIVATE: []}
    for hit in sorted(result[OFFICIAL] + result[PRIVATE], key=_actor_rank):
        places = range(hit.first, hit.last + 1)
        if taken.isdisjoint(places):
            taken.update(places)
            kept[hit.rule.kind].append(hit)
    result[OFFICIAL], result[PRIVATE] = sorted(kept[OFFICIAL]), sorted(kept[PRIVATE])
    result[BREACH] = _one_of_each(result[BREACH])
    return result


def _hides(hider: Hit, hit: Hit) -> bool:
    if not hider.overlaps(hit):
        return False
    if hider.rule.code == ACTORS:
        return hider.first <= hit.first and hider.last - hider.first > hit.last - hit.first
    return hider.rule.code == WHOLE or not hit.first <= hider.first <= hider.last <= hit.last


def _actor_rank(hit: Hit) -> tuple[int, bool, float]:
    return hit.first - hit.last, hit.rule.kind == PRIVATE, -hit.rule.weight


def _breach_rank(hit: Hit) -> tuple[float, int]:
    return -hit.rule.weight, hit.last - hit.first


def _one_of_each(hits: list[Hit]) -> list[Hit]:
    """Return one hit for each kind of breach and stretch: the heaviest, then the shortest."""
    if len(hits) < 2:
        return hits
    taken: dict[str, set[int]] = {}
    kept: list[Hit] = []
    for hit in sorted(hits, key=_breach_rank):
        places = range(hit.first, hit.last + 1)
        used = taken.setdefault(hit.rule.code, set())
        if used.isdisjoint(places):
            used.update(places)
            kept.append(hit)
    return sorted(kept)
