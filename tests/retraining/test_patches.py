from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from pipeline.errors import InputError
from pipeline.intake import Batch, read_all
from pipeline.retraining.patches import COLUMNS, apply_patches, fingerprint, patch_record, read_patch
from pipeline.retraining.reading import read_training
from pipeline.settings import ColumnNames

TEXTS = ("Jalan rusak di Mawar.", "Pipa bocor di Melati.", "Sampah menumpuk.", "Sampah menumpuk.")


def data(folder: Path, **columns: object) -> str:
    frame = pd.DataFrame({"id": ["A1", "A2", "A3", "A4"], "isi": TEXTS, "unit": ["air", "air", "sampah", "jalan"]})
    path = folder / "laporan.csv"
    frame.assign(**columns).to_csv(path, index=False)
    return str(path)


def batches(path: str) -> list[Batch]:
    return read_all([path], ColumnNames())


def fix(text: str, old: str, new: str, **cells: str) -> dict[str, str]:
    row = dict.fromkeys(COLUMNS, "") | {"berkas": "laporan.csv", "kolom": "unit", "sidik_teks": fingerprint(text)}
    return row | {"nilai_lama": old, "nilai_baru": new, "alasan": "label dibetulkan", "petugas": "sari"} | cells


def patch(folder: Path, *fixes: dict[str, str], name: str = "perbaikan.csv") -> str:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(fixes)
    return str(path)


def test_a_correction_hits_its_row_and_no_file_changes(tmp_path: Path):
    path = data(tmp_path)
    before = Path(path).read_bytes()
    file = patch(tmp_path, fix(TEXTS[0], "air", "jalan", id="A1"), fix(TEXTS[2], "sampah", "", id="A3"))
    given = batches(path)
    done, (applied,) = apply_patches(given, [read_patch(file)])
    assert done[0].units() == ["jalan", "air", None, "jalan"]
    assert given[0].units() == ["air", "air", "sampah", "jalan"]
    assert Path(path).read_bytes() == before
    assert (applied.changed, applied.left_alone) == (2, 0)
    assert applied.lines() == [f"{file}: 2 labels corrected."]


def test_what_does_not_fit_is_reported_and_left_alone(tmp_path: Path):
    file = patch(
        tmp_path,
        fix(TEXTS[1], "jalan", "sampah", id="A2"),  # says air by now
        fix(TEXTS[0], "air", "jalan", id="A9"),  # no such id
        fix(TEXTS[1], "air", "jalan", id="A1"),  # that id has another text
        fix(TEXTS[0], "air", "jalan", id="A1", kolom="topik"),  # no label's column
    )
    done, (applied,) = apply_patches(batches(data(tmp_path)), [read_patch(file)])
    assert done[0].units() == ["air", "air", "sampah", "jalan"]
    assert (applied.stale, applied.unknown, applied.changed) == ([2], [3, 4, 5], 0)
    assert "left alone" in applied.lines()[1]
    assert "patch rows 3, 4, 5" in applied.lines()[2]
    assert not any(text in line for text in TEXTS for line in applied.lines())


def test_without_an_id_the_text_and_then_the_place_decide(tmp_path: Path):
    path = data(tmp_path, id="")
    found = read_patch(patch(tmp_path, fix(TEXTS[0], "air", "jalan"), fix(TEXTS[3], "jalan", "sampah", baris="5")))
    done, (applied,) = apply_patches(batches(path), [found])
    assert done[0].units() == ["jalan", "air", "sampah", "sampah"]
    assert applied.changed == 2
    lost = read_patch(patch(tmp_path, fix(TEXTS[3], "jalan", "sampah", baris="77")))
    done, (applied,) = apply_patches(batches(path), [lost])
    assert done[0].units() == ["air", "air", "sampah", "jalan"]
    assert applied.ambiguous == [2]


def test_patches_follow_one_another(tmp_path: Path):
    first = patch(tmp_path, fix(TEXTS[0], "air", "jalan", id="A1"), name="1.csv")
    second = patch(tmp_path, fix(TEXTS[0], "jalan", "sampah", id="A1"), name="2.csv")
    done, applied = apply_patches(batches(data(tmp_path)), [read_patch(first), read_patch(second)])
    assert done[0].units()[0] == "sampah"
    record = patch_record(applied)["patch"]
    assert record["changed"] == 2
    assert str(record["sha256"]).split() == [one.sha256 for one in applied]
    assert patch_record([]) == {}


def test_urgencies_are_corrected_to_levels_only(tmp_path: Path):
    path = data(tmp_path, urgensi=["rendah", "Tinggi", "sedang", "sedang"])
    right = read_patch(patch(tmp_path, fix(TEXTS[1], "tinggi", "darurat", id="A2", kolom="urgensi")))
    done, _ = apply_patches(batches(path), [right])
    assert done[0].urgencies()[1] == "darurat"
    wrong = read_patch(patch(tmp_path, fix(TEXTS[1], "tinggi", "gawat", id="A2", kolom="urgensi")))
    with pytest.raises(InputError, match="row 2, column 'nilai_baru'"):
        apply_patches(batches(path), [wrong])


def test_training_reads_the_corrected_labels(tmp_path: Path):
    file = patch(tmp_path, fix(TEXTS[0], "air", "jalan", id="A1"), fix(TEXTS[1], "air", "", id="A2"))
    given = read_training(
        [data(tmp_path)], ColumnNames(), need={"text"}, kantor=None, crosswalks=[], pool_places=False, patches=[file]
    )
    assert given.home.units.labels == ["jalan", "sampah", "jalan"]
    assert given.patches[0].changed == 2


def test_a_patch_for_other_data_stops_the_training(tmp_path: Path):
    fits, other = fix(TEXTS[0], "air", "jalan", id="A1"), fix("Bukan dari sini.", "air", "jalan", id="Z9")

    def train(*fixes: dict[str, str]) -> int:
        files = [patch(tmp_path, *fixes)]
        given = read_training(
            [data(tmp_path)], ColumnNames(), need={"text"}, kantor=None, crosswalks=[], pool_places=False, patches=files
        )
        return given.patches[0].changed

    with pytest.raises(InputError, match=r"perbaikan.csv: 0 labels corrected: of 1 corrections 1 fit no row"):
        train(other)
    assert train(fits, other) == 1
    # An audit that found nothing wrong.
    assert train() == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("id,isi\n1,x\n", "this is no patch: the column 'berkas' is missing"),
        (",".join(COLUMNS) + "\n" + "," * 8 + ",abc\n", "row 2, column 'kolom': is empty"),
        (
            ",".join(COLUMNS) + "\n" + 2 * ("A1,a.csv,2,unit,x,y,,,," + "f" * 32 + "\n"),
            "row 3: corrects a cell a second",
        ),
        (b"\xff\xfe\x00", "is not UTF-8"),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_is_no_patch(tmp_path: Path, content: str | bytes | None, message: str):
    path = tmp_path / "p.csv"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError, match=message):
        read_patch(str(path))
