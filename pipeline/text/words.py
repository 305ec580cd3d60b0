"""From one word form to its stems: reduplication, elongation, slang, protected words, exceptions, Sastrawi."""

from __future__ import annotations

import re
from importlib.metadata import version
from itertools import product

from pipeline.text.lexicons import Lexicons, load_lexicons, load_stems
from pipeline.text.stemmer import sastrawi

MAX_WORD = 40
"""Letters of a form that are looked at; the longest common Indonesian forms have about 25."""
MAX_PARTS = 4
"""Hyphenated parts of a form that are looked at (Sastrawi is quadratic in dashes)."""

_TWICE = re.compile(r"^([a-z]{3,})2((?:an|in|kan|i)?(?:nya|ku|mu|lah|kah|pun|e)?)$")
_RUN = re.compile(r"([a-z])\1{2,}")
_CLITIC = re.compile(r"^([a-z]{2,})-?(?:nya|ny|lah|kah|pun|ku|mu)$")
_GLUED = re.compile(r"[a-z]+|[0-9]+")


def sastrawi_version() -> str:
    """Return the version of the installed PySastrawi distribution."""
    return version("PySastrawi")


class WordStemmer:
    """Maps a lower-case form ``[a-z0-9-]`` to a tuple of stems; options switch steps off for experiments."""

    def __init__(self, *, slang: bool = True, stem: bool = True, lexicons: Lexicons | None = None) -> None:
        self._lexicons = lexicons or load_lexicons()
        self._use_slang = slang
        self._use_stem = stem

    def __call__(self, form: str) -> tuple[str, ...]:
        """Return the stems of *form* (usually one; two for two-root compounds; none for a lone dash)."""
        return tuple(self._resolve(shorten(form)))

    def _resolve(self, form: str) -> list[str]:
        if match := _TWICE.match(form):
            base = match.group(1)
            if base not in self._lexicons.acronyms:
                form = base + match.group(2)
        if _RUN.search(form):
            form = self._squeeze(form)
        words = self._standard(form)
        if words is None:
            words = self._split_digits(form)
        return [stem for word in words for stem in self._stem(word)]

    def _standard(self, form: str) -> tuple[str, ...] | None:
        """Return the standard words for slang, also with a clitic (``jlnnya``); None when it is not slang."""
        if not self._use_slang:
            return None
        slang = self._lexicons.slang
        if form in slang:
            return slang[form]
        if form in self._lexicons.exceptions or form in self._lexicons.protected:
            return None
        match = _CLITIC.match(form)
        if match and match.group(1) in slang and not self._known(form):
            return slang[match.group(1)]
        return None

    def _split_digits(self, form: str) -> tuple[str, ...]:
        """Part letters from digits (``rt05``, ``5hari``) unless the whole form is a known word (``p3k``)."""
        lexicons = self._lexicons
        if form.isdigit() or form.isalpha() or form in lexicons.protected or form in lexicons.exceptions:
            return (form,)
        if "-" in form:
            return (form,) if not any(c.isdigit() for c in form) else tuple(_GLUED.findall(form))
        words: list[str] = []
        for part in _GLUED.findall(form):
            words.extend(self._standard(part) or (part,))
        return tuple(words)

    def _stem(self, word: str) -> tuple[str, ...]:
        lexicons = self._lexicons
        if not self._use_stem or word.isdigit() or word in lexicons.protected:
            return (word,)
        if word in lexicons.exceptions:
            return lexicons.exceptions[word]
        match = _CLITIC.match(word)
        if match:
            base = match.group(1)
            if base in lexicons.protected:
                return (base,)
            if base in lexicons.exceptions and not sastrawi().get_dictionary().contains(word):
                return lexicons.exceptions[base]
        stem = load_stems().get(word) or sastrawi().stem_word(word)
        if "-" not in stem:
            return (stem,)
        # Not a reduplication of one root (``serba-serbi``, ``rt-rw``): each part for itself.
        return tuple(s for part in stem.split("-") if part for s in self._resolve(part))

    def _squeeze(self, form: str) -> str:
        """Undo elongation (``tolooong``, ``maaaf``): the known reading with fewest letters, else one letter."""
        runs = list(_RUN.finditer(form))
        if len(runs) <= 3:
            for sizes in product((1, 2), repeat=len(runs)):
                candidate, end = "", 0
                for run, size in zip(runs, sizes, strict=True):
                    candidate += form[end : run.start()] + run.group(1) * size
                    end = run.end()
                candidate += form[end:]
                if self._known(candidate):
                    return candidate
        return _RUN.sub(r"\1", form)

    def _known(self, form: str) -> bool:
        lexicons = self._lexicons
        if form in lexicons.slang or form in lexicons.protected or form in lexicons.exceptions:
            return True
        return bool(sastrawi().get_dictionary().contains(sastrawi().stem_word(form)))


def shorten(form: str) -> str:
    """Return the part of *form* that is looked at."""
    if "-" in form:
        form = "-".join(part for part in form[: 4 * MAX_WORD].split("-")[:MAX_PARTS] if part)
    return form[:MAX_WORD].rstrip("-")
