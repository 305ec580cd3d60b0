"""Where the sentences and clauses of a batch's texts end."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.text import Lookup, TokenRows, WordTable
from pipeline.text.lexicons import words
from pipeline.text.split import BLANK, CLAUSE, DOT, END, NEWLINE, SPACED

_ABBREVIATIONS = words(
    "jl jln jal no gg gang rt rw kel kec kab dr drs bpk bp bu sdr tgl tg th thn yg dgn dll dsb dst jend "
    "jendral let kol prof ir st hj an sd sdn smp smpn sma smk blok perum rp tlp telp hp ket pak lt km tsb "
    "trsb tsbt"
)
WALLS = words("karena tapi tetapi namun padahal sedangkan melainkan")
"""Conjunctions that no phrase's gap crosses."""


class SentenceFinder:
    """Knows, for one table, which words a full stop does not end a sentence after."""

    def __init__(self, table: WordTable) -> None:
        self._short = Lookup(table, "form", lambda form: len(form) <= 2 or form in _ABBREVIATIONS, np.bool_)
        self._wall = Lookup(table, "stem", WALLS.__contains__, np.bool_)

    def __call__(self, rows: TokenRows) -> Sentences:
        """Find the sentences of *rows*."""
        gap, number = rows.gap, rows.table.is_number(rows.stem)
        after_word = ~self._short.values()[rows.form] & ~rows.masked
        before = np.append(False, after_word[:-1])
        numbers = number | np.append(False, number[:-1])
        dot = ((gap & DOT) != 0) & before & (((gap & SPACED) != 0) | ~numbers)
        blank = (gap & BLANK) != 0
        ends = np.where(blank, (gap & NEWLINE) != 0, ((gap & END) != 0) | dot)
        new_text = np.append(True, rows.row[1:] != rows.row[:-1])[: len(gap)]
        sentence = np.cumsum(ends | new_text)
        clause = np.cumsum(ends | new_text | (~blank & ((gap & CLAUSE) != 0)))
        return Sentences(rows, sentence, clause, self._wall.values()[rows.stem])


class Sentences:
    """The numbers of each token's sentence and clause; tokens of different texts never share one."""

    def __init__(
        self, rows: TokenRows, sentence: NDArray[np.int64], clause: NDArray[np.int64], is_wall: NDArray[np.bool_]
    ) -> None:
        self.rows, self.sentence, self.clause, self.is_wall = rows, sentence, clause, is_wall
        # What one can reach: masked words belong to no sentence.
        self.reached = np.where(rows.masked, -1, sentence)
        places = np.arange(len(sentence))
        self.begin = np.searchsorted(sentence, sentence) if len(sentence) else places
        self.end = np.searchsorted(sentence, sentence, side="right") if len(sentence) else places

    def joined(self, place: NDArray[np.int64], there: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell for each pair whether *there* is a shown word in the sentence of *place*."""
        inside = (there >= 0) & (there < len(self.reached))
        return inside & (self.reached[np.where(inside, there, 0)] == self.sentence[place])
