"""One text of a batch as the rules of context see it: its stems, its sentences, what each word stands for."""

from __future__ import annotations

import re

from pipeline.classifiers.sentences import Sentences
from pipeline.text.lexicons import load_lexicons, words

_CLITIC = re.compile(r"(?<=[a-z]{3})-?(?:nya|ny|lah|kah|pun)$")
_APOSTROPHES = str.maketrans("", "", "'’`")
NUMBER_WORDS = words("satu dua tiga empat lima enam tujuh delapan sembilan sepuluh belas puluh")


class StandardForms:
    """Form → its standard words in lower case, without particles."""

    def __init__(self) -> None:
        self._slang = load_lexicons().slang

    def __call__(self, form: str) -> frozenset[str]:
        """Return the words that *form* may stand for."""
        form = form.translate(_APOSTROPHES)
        bare = _CLITIC.sub("", form)
        return frozenset({form, bare, *self._slang.get(form, ()), *self._slang.get(bare, ())})


class Scene:
    """The words of text number *row*; places count from its first word."""

    def __init__(self, sentences: Sentences, row: int, forms: StandardForms) -> None:
        rows = sentences.rows
        self.base = int(rows.first[row])
        part = slice(self.base, rows.first[row + 1])
        self.stems = rows.stems(row)
        self._standard = forms
        self._names = rows.table.names
        self._form = rows.form[part].tolist()
        self._sentence = sentences.sentence[part].tolist()
        self._reached = sentences.reached[part].tolist()
        self._clause = sentences.clause[part].tolist()
        self._often: dict[tuple[frozenset[str], frozenset[str]], bool] = {}

    def is_form(self, place: int, meant: frozenset[str]) -> bool:
        """Tell whether the word at *place* stands for one of *meant*."""
        return not self._standard(self._names[self._form[place]]).isdisjoint(meant)

    def joined(self, place: int, there: int) -> bool:
        """Tell whether *there* is a shown word in the sentence of *place*."""
        return 0 <= there < len(self.stems) and self._reached[there] == self._sentence[place]

    def before(self, place: int, reach: int) -> list[str]:
        """Return the stems before *place* in its sentence, the nearest first; masked words end them."""
        first, least, sentence = place, max(place - reach, 0), self._sentence[place]
        while first > least and self._reached[first - 1] == sentence:
            first -= 1
        return self.stems[first:place][::-1]

    def after(self, place: int, reach: int) -> list[str]:
        """Return the stems after *place* in its sentence; masked words end them."""
        last, most, sentence = place, min(place + reach, len(self.stems) - 1), self._sentence[place]
        while last < most and self._reached[last + 1] == sentence:
            last += 1
        return self.stems[place + 1 : last + 1]

    def every(self, often: frozenset[str], things: frozenset[str]) -> bool:
        """Tell whether a word of *often* stands up to 3 words before one of *things* anywhere; remembered."""
        key = (often, things)
        if key not in self._often:
            places = (place for place, stem in enumerate(self.stems) if stem in often)
            self._often[key] = any(not things.isdisjoint(self.stems[place + 1 : place + 4]) for place in places)
        return self._often[key]

    def same_clause(self, place: int, there: int) -> bool:
        """Tell whether no comma, colon or end stands between."""
        return bool(self._clause[place] == self._clause[there])
