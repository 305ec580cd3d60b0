"""The starter corpus is hand-written, varied and labelled by the rubric."""

from __future__ import annotations

import csv
import re
from collections import Counter

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.metrics.pairwise import cosine_similarity

from pipeline.catalogue.urgency import reasons
from pipeline.settings import data_dir

HARD = {"dua_topik", "kata_menyesatkan", "negasi", "sarkas", "sangat_pendek", "sangat_panjang"}
REGISTERS = {
    "sms", "surat_resmi", "marah_kapital", "cerita_panjang", "gaul", "jawa", "sunda", "perangkat_desa", "asn",
    "percakapan",
}  # fmt: skip


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with (data_dir() / "starter" / "korpus.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def test_size(rows):
    counts = Counter(row["unit"] for row in rows)
    assert len(rows) >= 420
    assert len(counts) == 14
    assert min(counts.values()) >= 30
    assert len({row["id"] for row in rows}) == len(rows)


def test_no_two_texts_are_alike(rows):
    grams = CountVectorizer(analyzer="char", ngram_range=(4, 4)).fit_transform(row["isi"] for row in rows)
    similarity = cosine_similarity(grams)
    np.fill_diagonal(similarity, 0)
    first, second = np.unravel_index(similarity.argmax(), similarity.shape)
    assert similarity.max() <= 0.6, (rows[first]["id"], rows[second]["id"])


def test_no_sentence_frame_recurs(rows):
    seen: dict[tuple[str, ...], str] = {}
    for row in rows:
        found = words(row["isi"])
        for i in range(len(found) - 5):
            frame = tuple(found[i : i + 6])
            assert seen.setdefault(frame, row["id"]) == row["id"], (frame, row["id"])
    openings = Counter(" ".join(words(row["isi"])[:3]) for row in rows)
    assert max(openings.values()) <= 4, openings.most_common(3)


def test_labels_registers_and_hard_ones(rows):
    assert {row["ragam"] for row in rows} == REGISTERS
    hard = Counter(row["sulit"] for row in rows)
    assert set(hard) == HARD | {""}
    assert 0.12 <= 1 - hard[""] / len(rows) <= 0.25
    for row in rows:
        given = row["alasan"].split(";")
        assert set(given) <= {*reasons(), "tidak_ada"}, row["id"]
        assert "tidak_ada" not in given or len(given) == 1, row["id"]
        length = len(row["isi"].split())
        assert row["sulit"] != "sangat_pendek" or length < 8, row["id"]
        assert row["sulit"] != "sangat_panjang" or length > 200, row["id"]


def test_levels_are_spread_over_every_unit(rows):
    for unit in {row["unit"] for row in rows}:
        levels = Counter(row["urgensi"] for row in rows if row["unit"] == unit)
        assert set(levels) == {"rendah", "sedang", "tinggi", "darurat"}, unit
    urgent = Counter(row["urgensi"] for row in rows)
    assert urgent["darurat"] >= 0.06 * len(rows)
    assert urgent["tinggi"] >= 0.18 * len(rows)


def test_identities_are_plainly_invented(rows):
    for row in rows:
        for number in re.findall(r"(?<!\d)\d{16}(?!\d)", row["isi"]):
            assert number.startswith("99"), row["id"]
        assert not re.search(r"(?<!\d)08[1-9]\d{7,}", row["isi"]), row["id"]


def test_no_real_complaint_was_copied(rows, shared):
    """No run of eight words stands in the real data, too."""
    import pandas as pd

    real: set[tuple[str, ...]] = set()
    for name in ("surabaya.csv", "urgensi.csv"):
        for text in pd.read_csv(shared / "data" / name, dtype=str, keep_default_na=False)["isi"]:
            found = words(text)
            real.update(tuple(found[i : i + 8]) for i in range(len(found) - 7))
    for row in rows:
        found = words(row["isi"])
        assert not any(tuple(found[i : i + 8]) in real for i in range(len(found) - 7)), row["id"]
