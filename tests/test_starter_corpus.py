"""The starter corpus is hand-written, varied and labelled by the rubric."""

from __future__ import annotations

import csv
import re
from collections import Counter

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.metrics import cohen_kappa_score
from sklearn.metrics.pairwise import cosine_similarity

from pipeline.catalogue.functions import load_functions
from pipeline.catalogue.urgency import reasons
from pipeline.settings import data_dir

HARD = {"dua_topik", "kata_menyesatkan", "negasi", "sarkas", "sangat_pendek", "sangat_panjang"}
REGISTERS = {
    "sms", "surat_resmi", "marah_kapital", "cerita_panjang", "gaul", "jawa", "sunda", "perangkat_desa", "asn",
    "percakapan",
}  # fmt: skip


def read(name: str) -> list[dict[str, str]]:
    with (data_dir() / "starter" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    """Return the runs of *length* words of a text."""
    found = words(text)
    return {tuple(found[i : i + length]) for i in range(len(found) - length + 1)}


@pytest.fixture(scope="module")
def letters() -> list[dict[str, str]]:
    """Letters to the ministry, with its unit."""
    return read("korpus.csv")


@pytest.fixture(scope="module")
def rows(letters) -> list[dict[str, str]]:
    """All texts that models are trained on."""
    return letters + read("daerah.csv")


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def test_size(letters, rows):
    counts = Counter(row["unit"] for row in letters)
    assert len(rows) >= 1500
    assert len(counts) == 14
    assert min(counts.values()) >= 100
    assert len({row["id"] for row in rows}) == len(rows)


def test_the_texts_for_measuring_stand_apart(rows):
    """About a fifth of all, by writers who wrote no other, with no text and no six words in common."""
    apart = read("uji.csv") + read("uji_daerah.csv")
    assert len(apart) / (len(rows) + len(apart)) >= 0.15
    assert {row["penulis"] for row in apart}.isdisjoint({row["penulis"] for row in rows})
    assert {row["isi"] for row in apart}.isdisjoint({row["isi"] for row in rows})


def test_the_guards_labels_cover_the_texts_for_measuring():
    """Every text once; who is accused stands in the text, in at most six words."""
    texts = {row["id"]: row["isi"] for row in read("uji.csv") + read("uji_daerah.csv")}
    labels = read("uji_pengawasan.csv")
    assert sorted(row["id"] for row in labels) == sorted(texts)
    assert {row["berkadar_pengawasan"] for row in labels} == {"ya", "tidak"}
    for row in labels:
        assert row["dituduh"] in texts[row["id"]], row["id"]
        assert len(row["dituduh"].split()) <= 6, row["id"]
        assert row["berkadar_pengawasan"] == "ya" or not row["dituduh"], row["id"]


def test_the_guards_second_set_stands_apart(rows):
    """By a writer of its own; labelled as the first; no text, no six words in common with the others."""
    second = read("uji_pengawasan_2.csv")
    others = rows + read("uji.csv") + read("uji_daerah.csv")
    assert len({row["id"] for row in second}) == len({row["isi"] for row in second}) == len(second) == 165
    assert {row["id"] for row in second}.isdisjoint(row["id"] for row in others)
    assert {row["penulis"] for row in second}.isdisjoint(row["penulis"] for row in others)
    assert Counter(row["berkadar_pengawasan"] for row in second) == {"ya": 73, "tidak": 92}
    for row in second:
        assert row["dituduh"] in row["isi"], row["id"]
        assert len(row["dituduh"].split()) <= 6, row["id"]
        assert row["berkadar_pengawasan"] == "ya" or not row["dituduh"], row["id"]
    known = {run for row in others for run in runs(row["isi"], 6)}
    for row in second:
        assert known.isdisjoint(runs(row["isi"], 6)), row["id"]


def test_functions_are_the_catalogues(rows):
    functions = [row["urusan"] for row in rows]
    assert set(functions) <= {"", *load_functions()}
    assert all(row["urusan"] for row in read("daerah.csv"))
    assert all(bool(row["urusan"]) for row in rows if row.get("unit") == "pemda")


def test_the_second_reader_agrees(letters):
    """300 texts, read without the first labels (data/starter/README.md gives the figures)."""
    first = {row["id"]: row for row in letters}
    second = read("pembaca_kedua.csv")
    assert len({row["id"] for row in second}) == len(second) == 300
    for column in ("unit", "urgensi"):
        pairs = [(first[row["id"]][column], row[column]) for row in second]
        assert cohen_kappa_score(*zip(*pairs, strict=True)) >= 0.8, column


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
    assert max(openings.values()) <= 5, openings.most_common(3)


def test_labels_registers_and_hard_ones(rows):
    assert {row["ragam"] for row in rows} == REGISTERS
    hard = Counter(row["sulit"] for row in rows)
    assert set(hard) == HARD | {""}
    assert 0.1 <= 1 - hard[""] / len(rows) <= 0.25
    for row in rows:
        given = row["alasan"].split(";")
        assert set(given) <= {*reasons(), "tidak_ada"}, row["id"]
        assert "tidak_ada" not in given or len(given) == 1, row["id"]
        length = len(row["isi"].split())
        assert row["sulit"] != "sangat_pendek" or length < 8, row["id"]
        assert row["sulit"] != "sangat_panjang" or length > 200, row["id"]


def test_levels_are_spread_over_every_unit(letters, rows):
    for unit in {row["unit"] for row in letters}:
        levels = Counter(row["urgensi"] for row in letters if row["unit"] == unit)
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
    texts: set[str] = set()
    for name in ("surabaya.csv", "urgensi.csv", "keputusan.csv"):
        for text in pd.read_csv(shared / "data" / name, dtype=str, keep_default_na=False)["isi"]:
            found = words(text)
            texts.add(" ".join(found))
            real.update(tuple(found[i : i + 8]) for i in range(len(found) - 7))
    second = read("uji_pengawasan_2.csv")
    assert texts.isdisjoint(" ".join(words(row["isi"])) for row in second)
    for row in rows + second:
        found = words(row["isi"])
        assert not any(tuple(found[i : i + 8]) in real for i in range(len(found) - 7)), row["id"]
