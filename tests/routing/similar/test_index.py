"""Which reports are linked: invented texts, places and people."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.routing.similar import IncidentIndex, Link

FLOOD = [
    "Banjir setinggi lutut di Jalan Kenanga Raya sejak subuh, air masuk rumah warga, tolong pompa",
    "Tolong kirim pompa, air banjir masuk ke rumah-rumah di Jl. Kenanga Raya dari subuh tadi",
    "Jln Kenanga Raya banjir dari subuh, air setinggi lutut masuk rumah warga",
]
OTHER = "Pencetakan kartu keluarga di kantor kecamatan sudah tiga minggu tidak selesai, blangko katanya habis"
FORM = (
    "Dengan hormat, mohon diterbitkan surat keterangan tidak mampu untuk keperluan pendaftaran sekolah anak kami atas "
    "nama {name}, alamat Jalan {street} Gang {lane} nomor {number} RT {rt} RW 03, karena sampai sekarang belum diproses"
)
PLACE = "35.78.11.1002"


def days(*texts: str) -> np.ndarray:
    return np.array(texts, dtype="datetime64[D]")


def linked(texts: list[str], when: list[str] | None = None, places: list[str] | None = None, **options: Path) -> Link:
    index = IncidentIndex(options.get("path"))
    ids = [f"A{n}" for n in range(len(texts))]
    index.add(ids, texts, days(*(when or ["2024-02-01"] * len(texts))), places or [PLACE] * len(texts))
    return index.groups()


def test_reports_of_one_flood_are_a_group_and_another_matter_is_alone():
    found = linked([*FLOOD, OTHER], ["2024-02-01", "2024-02-01", "2024-02-02", "2024-02-01"])
    assert found.group == ["A0", "A0", "A0", ""]
    assert found.size.tolist() == [3, 3, 3, 1]
    assert found.similar[3] == ""
    assert set(found.similar[0].split(";")) == {"A1", "A2"}
    assert "sama_kejadian" in found.kind
    assert found.kind[3] == ""


def test_the_group_is_named_after_the_earliest_report():
    found = linked([FLOOD[0], FLOOD[0] + " segera"], ["2024-02-03", "2024-02-01"])
    assert found.group == ["A1", "A1"]
    assert found.kind == ["sama_teks", "sama_teks"]


@pytest.mark.parametrize(
    ("when", "places"),
    [(["2024-02-01", "2024-06-20"], None), (None, [PLACE, "35.78.20.1001"])],
    ids=["months later", "elsewhere"],
)
def test_the_same_kind_of_matter_at_another_time_or_place_is_not_the_same(when, places):
    assert linked(FLOOD[:2], when, places).group == ["", ""]


def test_a_short_wording_without_a_place_says_nothing():
    found = linked(["jalan rusak dan berlubang"] * 2, places=["", ""])
    assert found.group == ["", ""]


@pytest.mark.parametrize(
    "change",
    [{"lane": "Mawar"}, {"number": "49"}, {"rt": "07"}, {"name": "Suparti Wulandari"}, {"street": "Rajawali"}],
    ids=lambda change: next(iter(change)),
)
def test_a_form_text_about_another_person_or_place_is_not_linked(change: dict[str, str]):
    about = {"name": "Darmono Kusnadi", "street": "Cendrawasih", "lane": "Melati", "number": "33", "rt": "02"}
    found = linked([FORM.format(**about), FORM.format(**{**about, **change})])
    assert found.group == ["", ""]
    assert linked([FORM.format(**about), FORM.format(**about) + ", terima kasih"]).group == ["A0", "A0"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("lampu PJU padam", "ranting pohon menjuntai"),
        ("paving ambles depan toko Sinar Abadi", "paving ambles depan bengkel Maju Lancar"),
    ],
    ids=["subject", "spot"],
)
def test_two_matters_at_one_address_are_two(one: str, other: str):
    frame = "Mohon bantuan rekan dinas, {} di Jalan Kenanga IV RT 02 RW 05, terima kasih dari pengurus Karang Taruna"
    assert linked([frame.format(one), frame.format(other)]).group == ["", ""]
    assert linked([frame.format(one), frame.format(one)]).group == ["A0", "A0"]


def test_two_reporters_with_names_of_their_own_report_one_flood():
    texts = [f"Nama: Darmono. {FLOOD[0]}", f"Perkenalkan nama saya Suparti. {FLOOD[1]}"]
    assert linked(texts).group == ["A0", "A0"]


def test_roman_and_plain_numbers_are_the_same_lane():
    texts = ["Lampu jalan mati di Jalan Kenanga IV nomor 12 sejak semalam", "Lampu jalan di Jl Kenanga 4 no. 12 mati"]
    assert linked(texts).group == ["A0", "A0"]


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="abdeginorstu ", min_size=1, max_size=60).filter(str.strip), st.integers(2, 40))
def test_identical_texts_of_one_day_and_place_are_always_linked(text: str, times: int):
    found = linked([text] * times)
    assert set(found.group) == {"A0"} or set(found.group) == set(found.group[:1]) != {""}
    assert found.size.tolist() == [times] * times


def test_the_order_of_rows_does_not_matter():
    texts = [*FLOOD, OTHER, FLOOD[0] + " segera", OTHER + " sekali"]
    ids = [f"A{n}" for n in range(len(texts))]
    results = []
    for order in ([0, 1, 2, 3, 4, 5], [5, 3, 1, 4, 2, 0], [2, 4, 0, 5, 1, 3]):
        index = IncidentIndex(None)
        index.add([ids[n] for n in order], [texts[n] for n in order], days(*["2024-02-01"] * 6), [PLACE] * 6)
        found = index.groups()
        groups: dict[str, set[str]] = {}
        for n, group in zip(order, found.group, strict=True):
            groups.setdefault(group, set()).add(ids[n])
        results.append(sorted(map(sorted, groups.values())))
    assert results[0] == results[1] == results[2]


def test_batches_add_up_and_missing_ids_are_safe():
    index = IncidentIndex(None)
    for text in FLOOD:
        index.add([""], [text], days("2024-02-01"), [PLACE])
    found = index.groups()
    assert found.size.tolist() == [3, 3, 3]
    assert found.similar == ["", "", ""]
    index.add(["B"], [FLOOD[0]], days("NaT"), [PLACE])
    assert index.groups().group[-1] == "B"


def test_texts_without_a_word_are_alone():
    assert linked(["", "!!!", ""]).group == ["", "", ""]


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="length"):
        IncidentIndex(None).add(["a"], ["x", "y"], days("2024-01-01"), [""])


def saved(path: Path, texts: list[str], first: int = 0) -> Link:
    with IncidentIndex(path) as index:
        size = len(texts)
        index.add([f"R{first + n}" for n in range(size)], texts, days(*["2024-02-01"] * size), [PLACE] * size)
        found = index.groups()
        index.save()
    return found


def test_earlier_batches_are_found_again(tmp_path: Path):
    path = tmp_path / "indeks"
    saved(path, [FLOOD[0], OTHER])
    found = saved(path, [FLOOD[1], "Guru honorer belum menerima gaji"], first=10)
    assert found.group == ["R0", ""]
    assert found.similar == ["R0", ""]
    assert found.size.tolist() == [2, 1]
    third = saved(path, [FLOOD[2]], first=20)
    assert third.group == ["R0"]
    assert third.size.tolist() == [3]


def test_the_same_report_twice_counts_once(tmp_path: Path):
    path = tmp_path / "indeks"
    first = saved(path, FLOOD)
    before = path.stat().st_size
    again = saved(path, FLOOD)
    assert again.group == first.group
    assert again.size.tolist() == [3, 3, 3]
    assert path.stat().st_size == before


def test_no_text_and_no_number_is_kept(tmp_path: Path):
    path = tmp_path / "indeks"
    saved(path, ["Nama Darmono Kusnadi NIK 3578991203880004 belum menerima bantuan sembako di Kelurahan Sukawangi"])
    raw = path.read_bytes().lower()
    for part in (b"darmono", b"kusnadi", b"3578991203880004", b"sembako", b"sukawangi"):
        assert part not in raw


def test_long_numbers_keep_too_few_bits_to_be_guessed():
    from pipeline.routing.similar.fields import LONG_BITS, word_hash

    values = {word_hash(f"{3578000000000000 + n}") for n in range(300_000)}
    assert len(values) < 2**LONG_BITS * 0.26


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda raw: raw[: len(raw) // 2], "damaged"),
        (lambda raw: raw[:400] + bytes([raw[400] ^ 255]) + raw[401:], "damaged"),
        (lambda raw: b"id,isi\n1,halo\n", "no index|damaged"),
        (lambda raw: b"", "damaged|no index"),
    ],
    ids=["cut", "flipped", "foreign", "empty"],
)
def test_a_damaged_or_foreign_file_is_refused(tmp_path: Path, damage, says: str):
    path = tmp_path / "indeks"
    saved(path, FLOOD)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(InputError, match=says):
        IncidentIndex(path)


def test_a_newer_file_and_another_zip_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from pipeline.routing.similar import store

    path = tmp_path / "indeks"
    monkeypatch.setattr(store, "VERSION", store.VERSION + 1)
    saved(path, FLOOD)
    monkeypatch.undo()
    with pytest.raises(InputError, match="Update disposisi"):
        IncidentIndex(path)
    other = tmp_path / "lain.npz"
    np.savez(other, a=np.zeros(3))
    with pytest.raises(InputError, match="no index"):
        IncidentIndex(other)


def test_one_writer_at_a_time(tmp_path: Path):
    path = tmp_path / "indeks"
    index = IncidentIndex(path)
    with pytest.raises(InputError, match="in use"):
        IncidentIndex(path)
    index.close()
    IncidentIndex(path).close()
    with pytest.raises(InputError, match="folder"):
        IncidentIndex(tmp_path / "tidak" / "ada")


def test_a_kill_while_saving_leaves_the_old_file(tmp_path: Path):
    path = tmp_path / "indeks"
    saved(path, FLOOD)
    before = path.read_bytes()
    code = (
        "import os, sys, numpy as np\n"
        "from pathlib import Path\n"
        "from pipeline.routing.similar import IncidentIndex\n"
        "index = IncidentIndex(Path(sys.argv[1]))\n"
        "index.add(['X'], ['laporan lain sama sekali'], np.array(['2024-02-01'], 'datetime64[D]'), [''])\n"
        "os.fsync = lambda handle: os._exit(9)\n"
        "index.save()\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], env=os.environ, check=False)
    assert done.returncode == 9
    assert path.read_bytes() == before
    assert saved(path, [FLOOD[0] + " segera"], first=30).size.tolist() == [4]


def test_a_failure_while_saving_leaves_no_temporary_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "indeks"
    saved(path, FLOOD)

    def fails(*args: object, **others: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(np, "savez", fails)
    with pytest.raises(OSError, match="disk full"):
        saved(path, [OTHER], first=40)
    assert sorted(p.name for p in tmp_path.iterdir() if p.suffix == ".tmp") == []
