"""Any string whatever: no error, same answer always, bounded time."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.text import analyze, mask, repair
from pipeline.text.analyzer import Analyzer
from pipeline.text.words import MAX_WORD

INDONESIAN = st.lists(
    st.sampled_from(
        [
            "jalan",
            "rusak2",
            "tdk",
            "NIK",
            "99" + "0" * 14,
            "\\n",
            "&amp;",
            "-",
            "anak-anak",
            "🙏",
            "\u0301",
            "ktp-el",
            "a/n",
            "Pak Budi",
        ]
    ),
    max_size=40,
).map(" ".join)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.text(max_size=400), INDONESIAN, st.text(alphabet="a-2'\u0301\\n0189 .@", max_size=600)))
def test_any_string(text: str):
    first = analyze(text)
    assert first == analyze(text) == Analyzer().tokenize([text]).stems(0)
    assert all(isinstance(token, str) and token and len(token) <= MAX_WORD + 2 for token in first)
    mask(repair(text))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=8))
def test_order_of_texts_does_not_matter(texts: list[str]):
    forwards = [Analyzer(ngrams=2)(text) for text in texts]
    fresh = Analyzer(ngrams=2)
    assert forwards == [fresh(text) for text in reversed(texts)][::-1]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example])
@given(st.text(min_size=1, max_size=40), st.integers(min_value=1, max_value=100_000))
def test_long_strings(piece: str, length: int):
    analyze((piece * (length // len(piece) + 1))[:length])


@pytest.mark.parametrize(
    "text",
    ["-" * 40_000, "a" * 10_000, "\u0301\u0316" * 25_000, "a-" * 20_000],
    ids=["dashes", "letters", "marks", "pairs"],
)
def test_hostile_text_costs_little(text: str):
    analyze(text)
    best = min(_seconds(text) for _ in range(5))
    assert best < 0.05


def _seconds(text: str) -> float:
    start = time.perf_counter()
    Analyzer()(text)
    return time.perf_counter() - start


def test_another_process_gives_the_same():
    text = "Tolooong pak, jalan2 di kel. Sukamaju rusak parah sdh 3bln gk ada perbaikan \\n NIK 99" + "12345678901234"
    code = f"from pipeline.text import analyze; print(analyze({text!r}))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == str(analyze(text))
