"""Evidence of the urgency rubric: phrases of ``bukti.tsv`` found in a batch's texts, each with its status."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.catalogue.urgency import reasons
from pipeline.classifiers.context import CAUSED, context_status
from pipeline.classifiers.matching import Matches, PhraseIndex
from pipeline.classifiers.near import ContextFilter
from pipeline.classifiers.scene import Scene, StandardForms
from pipeline.classifiers.sentences import SentenceFinder, Sentences
from pipeline.text import TokenRows, WordTable

HELPERS: tuple[str, ...] = ("tanya", "saran", "keluhan")
CODES: tuple[str, ...] = (*reasons(), *HELPERS)
"""What evidence can speak for: the rubric's reasons, then helpers that are no reason by themselves."""
STATUSES: tuple[str, ...] = ("terjadi", "mungkin", "lewat", "negasi")
_HIDER = "abai"

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One phrase ``text[start:end]`` of the repaired text that speaks for *reason*.

    ``status`` is one of :data:`STATUSES`. ``grave``: the rubric's test of the highest level names it;
    ``stated``: it says in plain words that people are in danger (`membahayakan`), which the rubric sets apart.
    """

    reason: str
    start: int
    end: int
    status: str
    grave: bool = False
    stated: bool = False


@dataclass(frozen=True)
class EvidenceRows:
    """The evidence of a batch, by text and place: one array a property.

    ``row``: number of the text; ``start``, ``end``: in its repaired text; ``reason`` and ``status``: places in
    :data:`CODES` and :data:`STATUSES`.
    """

    row: Ints
    start: Ints
    end: Ints
    reason: Ints
    status: Ints
    grave: Bools
    stated: Bools

    def of(self, row: int) -> list[Evidence]:
        """Return one text's evidence, by place."""
        return [
            Evidence(CODES[reason], start, end, STATUSES[status], grave, stated)
            for reason, start, end, status, grave, stated in zip(
                *(
                    part[slice(*np.searchsorted(self.row, [row, row + 1]))].tolist()
                    for part in (self.reason, self.start, self.end, self.status, self.grave, self.stated)
                ),
                strict=True,
            )
        ]


class EvidenceFinder:
    """Finds the evidence in batches tokenised with *table*; the phrases are stemmed once, when it is made."""

    def __init__(self, table: WordTable) -> None:
        self.table = table
        self._forms = StandardForms()
        self._sentences = SentenceFinder(table)
        self._index = PhraseIndex(table, self._forms)
        self._filter = ContextFilter(table, self._forms)
        phrases = self._index.phrases
        self._reason = np.array([CODES.index(phrase.reason) for phrase in phrases])
        kinds = (*STATUSES, _HIDER)
        self._kind = np.array([kinds.index(phrase.kind) for phrase in phrases])
        self._grave = np.array([phrase.grave for phrase in phrases])
        self._stated = np.array([phrase.stated for phrase in phrases])
        self._caused = np.array([phrase.reason in CAUSED for phrase in phrases])
        self._complaint = np.array([phrase.reason == "keluhan" for phrase in phrases])

    def find(self, rows: TokenRows, sentences: Sentences | None = None) -> EvidenceRows:
        """Return the evidence in *rows* (*sentences*: theirs, where known); phrases of one reason do not overlap."""
        sentences = self._sentences(rows) if sentences is None else sentences
        matches = self._index.find(sentences)
        first = matches.places[:, 0]
        last = matches.places[np.arange(len(first)), self._index.length[matches.phrase] - 1]
        row = rows.row[first].astype(np.int64)
        chosen, grave, stated = self._choose(matches, row, first, last)
        matches, first, last = matches.take(chosen), first[chosen], last[chosen]
        status = self._status(matches, first, last, sentences)
        start, end = rows.start[first].astype(np.int64), rows.end[last].astype(np.int64)
        reason = self._reason[matches.phrase]
        order = np.lexsort((reason, end, start, row[chosen]))
        return EvidenceRows(
            row[chosen][order], start[order], end[order], reason[order], status[order], grave[order], stated[order]
        )

    def _choose(self, matches: Matches, row: Ints, first: Ints, last: Ints) -> tuple[Ints, Bools, Bools]:
        """Return the matches that stand, and whether each is grave or stated: of rivals the longest phrase wins.

        Rivals are matches for one reason that overlap; almost all matches have none.
        """
        group = row * len(CODES) + self._reason[matches.phrase]
        order = np.lexsort((first, group))
        shift = group[order] * (int(last.max(initial=0)) + 1)
        reached = np.maximum.accumulate(last[order] + shift)
        is_new = np.append(True, (first[order] + shift)[1:] > reached[:-1])[: len(order)]
        cluster = np.cumsum(is_new) - 1
        alone = np.bincount(cluster)[cluster] == 1 if len(cluster) else is_new
        single = order[alone]
        single = single[self._kind[matches.phrase[single]] < len(STATUSES)]
        kept = single.tolist()
        grave = self._grave[matches.phrase[single]].tolist()
        stated = self._stated[matches.phrase[single]].tolist()
        for match, is_grave, is_stated in self._rivals(matches, order[~alone], cluster[~alone], first, last):
            kept.append(match)
            grave.append(is_grave)
            stated.append(is_stated)
        return np.array(kept, dtype=np.int64), np.array(grave, dtype=bool), np.array(stated, dtype=bool)

    def _rivals(
        self, matches: Matches, members: Ints, cluster: Ints, first: Ints, last: Ints
    ) -> list[tuple[int, bool, bool]]:
        """Return (match, grave, stated) of those that stand among *members*, which come cluster by cluster."""
        if not len(members):
            return []
        phrase = matches.phrase[members]
        kind = self._kind[phrase]
        # The longest phrase wins: `rawan kecelakaan` covers `kecelakaan`.
        places = matches.places[members].T[::-1]
        order = np.lexsort((kind, *places, first[members] - last[members], cluster))
        members, phrase, kind = members[order], phrase[order], kind[order]
        starts = np.flatnonzero(np.append(True, cluster[1:] != cluster[:-1]))
        sizes = np.diff(np.append(starts, len(members)))
        grave = np.logical_or.reduceat(self._grave[phrase], starts).tolist()
        stated = np.logical_or.reduceat(self._stated[phrase], starts).tolist()
        hidden = np.logical_or.reduceat(kind == len(STATUSES), starts)
        result: list[tuple[int, bool, bool]] = []
        begin, end = first[members], last[members]
        covers = (begin[starts] == np.minimum.reduceat(begin, starts)) & (
            end[starts] == np.maximum.reduceat(end, starts)
        )
        clear = ((sizes == 2) | covers) & ~hidden
        groups = zip(starts.tolist(), sizes.tolist(), clear.tolist(), grave, stated, strict=True)
        for start, size, is_clear, is_grave, is_stated in groups:
            if is_clear:
                result.append((int(members[start]), is_grave, is_stated))
            else:
                result += self._settle(matches, members[start : start + size])
        return result

    def _settle(self, matches: Matches, members: Ints) -> list[tuple[int, bool, bool]]:
        """Return (match, grave, stated) of those that stand of *members*, overlapping ones, the longest first."""
        phrases = [self._index.phrases[number] for number in matches.phrase[members].tolist()]
        every = [
            (places[: len(phrase.slots)], phrase, match)
            for places, phrase, match in zip(matches.places[members].tolist(), phrases, members.tolist(), strict=True)
        ]
        hiders = [set(places) for places, phrase, _ in every if phrase.kind == _HIDER]
        shown = [item for item in every if item[1].kind != _HIDER]
        taken: list[tuple[int, int]] = []
        result: list[tuple[int, bool, bool]] = []
        for places, phrase, match in shown:
            start, stop = places[0], places[-1]
            # A hider goes unheeded where the phrase itself names all its words (`dirawat di rumah sakit`).
            over = (hider for hider in hiders if any(start <= place <= stop for place in hider))
            if not all(hider < set(places) for hider in over):
                continue
            rivals = [i for i, (begin, end) in enumerate(taken) if begin <= stop and start <= end]
            if not rivals:
                taken.append((start, stop))
                result.append((match, phrase.grave, phrase.stated))
            for rival in rivals if phrase.grave or phrase.stated else ():
                old, is_grave, is_stated = result[rival]
                result[rival] = (old, is_grave or phrase.grave, is_stated or phrase.stated)
        return result

    def _status(self, matches: Matches, first: Ints, last: Ints, sentences: Sentences) -> Ints:
        """Return the place in :data:`STATUSES` of what the words around each phrase make of it."""
        phrase = matches.phrase
        status = self._kind[phrase].copy()
        read = self._filter(
            sentences, first, last,
            caused=self._caused[phrase], complaint=self._complaint[phrase], happens=status == 0,
            gapped=last - first >= self._index.length[phrase],
        )  # fmt: skip
        row, scene = -1, None
        for number in np.flatnonzero(read)[np.argsort(first[read], kind="stable")].tolist():
            if scene is None or sentences.rows.row[first[number]] != row:
                row = int(sentences.rows.row[first[number]])
                scene = Scene(sentences, row, self._forms)
            kind = self._index.phrases[phrase[number]]
            places = [place - scene.base for place in matches.places[number, : len(kind.slots)].tolist()]
            found = context_status(scene, places, kind.kind, kind.reason, grave=kind.grave)
            status[number] = STATUSES.index(found)
        return status
