from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pipeline.catalogue.crosswalk import load_crosswalk, pool_place, translate
from pipeline.catalogue.functions import functions_by_name, load_functions, unit_key
from pipeline.errors import InputError, MissingColumnError
from pipeline.settings import data_dir


def test_the_law_has_32_functions_and_each_entry_is_whole():
    functions = load_functions()
    assert len(functions) == 46
    for function in functions.values():
        assert function.words, function.code
        assert function.unit_names, function.code
        assert function.source.startswith("UU 23/2014"), function.code
        assert all(name == unit_key(name) for name in function.unit_names), function.code


@pytest.mark.parametrize(
    ("unit", "functions"),
    [
        ("DINAS SOSIAL Kab. Contoh", ("sosial",)),
        ("Dinas Perindustrian dan Tenaga Kerja", ("perindustrian", "tenaga_kerja")),
        ("Dinas Peternakan dan Kesehatan Hewan", ("pertanian",)),
        ("RSUD dr. Contoh", ("kesehatan",)),
        ("Kecamatan Sukamaju", ("kewilayahan",)),
        ("ditjen_otda", ()),
        ("Loket 3", ()),
    ],
)
def test_a_units_name_tells_its_functions(unit: str, functions: tuple[str, ...]):
    assert functions_by_name(unit) == functions


@pytest.mark.parametrize("office", ["kota-surabaya", "kab-bandung"])
def test_the_shipped_crosswalks_know_only_known_functions(office: str):
    with (data_dir() / "crosswalk" / f"{office}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["kantor"] for row in rows} == {office}
    assert {row["urusan"] for row in rows} <= set(load_functions())
    assert len(rows) == len({tuple(row.values()) for row in rows})
    assert load_crosswalk().units(office)


def write(folder: Path, text: str) -> Path:
    path = folder / "silang.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_crosswalk_goes_before_the_name_and_replaces_the_shipped_office(tmp_path: Path):
    path = write(
        tmp_path,
        "kantor,unit,urusan\nkab-bandung,Dinas Sosial,kesehatan\nkab-bandung,Dinas Sosial,sosial\n",
    )
    crosswalk = load_crosswalk([path])
    assert crosswalk.functions("kab-bandung", "DINAS  SOSIAL") == ["kesehatan", "sosial"]
    assert crosswalk.units("kab-bandung") == ("Dinas Sosial",)
    assert crosswalk.functions("kota-surabaya", "Kelurahan Contoh") == ["kewilayahan"]
    assert crosswalk.functions("kota-lain", "Dinas Pendidikan") == ("pendidikan",)


def test_the_main_function_decides_and_places_share_nothing(tmp_path: Path):
    path = write(
        tmp_path,
        "kantor,unit,urusan\nk,Dinas A,perhubungan\nk,Dinas A,sosial\nk,Dinas B,sosial\nk,Kecamatan X,kewilayahan\n",
    )
    crosswalk = load_crosswalk([path])
    servers = crosswalk.servers("k", crosswalk.units("k"))
    assert servers == {"perhubungan": "Dinas A", "sosial": "Dinas B"}
    assert translate(("pangan", "sosial"), servers) == "Dinas B"
    assert translate(("kewilayahan",), servers) is None


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        ("kantor,unit\nk,u\n", MissingColumnError, "column 'urusan'"),
        ("kantor,unit,urusan\nk,,sosial\n", InputError, "row 2, column 'unit': the cell is empty"),
        ("kantor,unit,urusan\nk,u,sosial\nk,u,sihir\n", InputError, "row 3, column 'urusan': 'sihir' is no function"),
    ],
)
def test_a_bad_crosswalk_names_file_row_and_column(tmp_path: Path, text: str, error: type[Exception], says: str):
    with pytest.raises(error, match=says):
        load_crosswalk([write(tmp_path, text)])
    with pytest.raises(InputError, match="no such file"):
        load_crosswalk([tmp_path / "tidak-ada.csv"])


def test_place_units_are_pooled():
    assert [pool_place(u) for u in ("Kelurahan Sukamaju", "KECAMATAN Contoh", "Kelurahan", "Dinas Kecamatan")] == [
        "Kelurahan", "Kecamatan", "Kelurahan", "Dinas Kecamatan",
    ]  # fmt: skip
