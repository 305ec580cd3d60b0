"""Which phrases need their context read: those with a word about that could change what they say.

The rules of :mod:`pipeline.classifiers.context` look at few words around a phrase. Most phrases have none of the
words that the rules ask for near them; those keep the status that the table gives them, unread.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.classifiers import context
from pipeline.classifiers.scene import StandardForms
from pipeline.classifiers.sentences import Sentences
from pipeline.text import Lookup, WordTable
from pipeline.text.lexicons import words

_DENY, _FEAR, _PURPOSE, _SUPPOSE, _ONCE, _EVERY, _OVER, _NOT, _THANKS = (1 << bit for bit in range(9))
_WORDS = {
    _DENY: context.NEGATORS,
    _FEAR: context.FEARS | words("jangan"),
    _PURPOSE: context.PURPOSE,
    _SUPPOSE: context.IF | context.MODALS | words("ketika"),
    _ONCE: context.ONCE,
    _EVERY: context.EVERY,
    _OVER: words("tahun sudah telah dulu dahulu"),
    _NOT: words("nihil tidak"),
    _THANKS: words("alhamdulillah"),
}

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class ContextFilter:
    """Tells for one table's words which phrases may have a context that matters; errs on the side of reading."""

    def __init__(self, table: WordTable, forms: StandardForms) -> None:
        self._flags = Lookup(table, "stem", _flags, np.int32)
        self._soon = Lookup(table, "form", lambda form: not forms(form).isdisjoint(context.SOON), np.bool_)

    def __call__(
        self,
        sentences: Sentences,
        first: Ints,
        last: Ints,
        *,
        caused: Bools,
        complaint: Bools,
        happens: Bools,
        gapped: Bools,
    ) -> Bools:
        """Return which of the phrases from token *first* to *last* must be read.

        *caused*: their reason can be feared or over; *complaint*: it can be feared; *happens*: the table says that it
        happens; *gapped*: other words stand inside.
        """
        rows = sentences.rows
        flags = self._flags.values()[rows.stem]
        flags[self._soon.values()[rows.form]] |= _FEAR
        sums: dict[int, NDArray[np.int32]] = {}

        def between(flag: int, start: Ints, stop: Ints) -> Bools:
            """Whether a word with *flag* stands in tokens start..stop-1."""
            if flag not in sums:
                sums[flag] = np.append(np.int32(0), np.cumsum((flags & flag) != 0, dtype=np.int32))
            found: Bools = sums[flag][stop] > sums[flag][start]
            return found

        def before(flag: int, reach: int) -> Bools:
            return between(flag, np.maximum(first - reach, begin), first)

        def after(flag: int, reach: int) -> Bools:
            return between(flag, last + 1, np.minimum(last + 1 + reach, end))

        begin, end = sentences.begin[first], sentences.end[last]

        feared = before(_FEAR, 12) | (before(_PURPOSE, 12) & before(_DENY, 12))
        supposed = before(_SUPPOSE, 6) | after(_SUPPOSE, 1)
        over = before(_ONCE, 4) | before(_THANKS, 8) | after(_OVER, 9)
        text = rows.row[first]
        recurs = between(_EVERY, rows.first[text], rows.first[text + 1])
        read = before(_DENY, 4) | ((caused | complaint) & feared) | (caused & after(_NOT, 1))
        return read | (caused & happens & (gapped | supposed | over | recurs))


def _flags(stem: str) -> int:
    return sum(flag for flag, words_ in _WORDS.items() if stem in words_)
