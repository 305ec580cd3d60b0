"""The tables that say what statuses and figures mean."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pipeline.catalogue.rules import all_rules
from pipeline.errors import InputError
from pipeline.reports.monev.definitions import load_definitions
from pipeline.reports.monev.statuses import CLOSED, COMPLETED, WAITING, Statuses
from pipeline.settings import data_dir

TODAY = dt.date(2026, 11, 27)
HEADER = "id\tberlaku_dari\tberlaku_sampai\tsumber\tstatus\ttahap\tdihitung_diteruskan\tdihitung_ditindaklanjuti\tdihitung_selesai\tditutup_oleh\n"  # noqa: E501
GOOD = "a\t2020-01-01\t\tkami\tTutup\tselesai\tya\tya\tya\tpelapor\n"


def table(folder: Path, *rows: str) -> Path:
    path = folder / "status_kantor.tsv"
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return path


def test_statuses_are_found_whatever_their_case_and_blanks():
    statuses = Statuses.load(on=TODAY)
    found = statuses.find("  ditutup  OLEH pelapor ")
    assert found is not None
    assert (found.stage, found.completed, found.closer) == (COMPLETED, True, "pelapor")
    assert statuses.find("Menunggu Kelengkapan Informasi").stage == WAITING
    assert statuses.find("Dikirim ke bulan") is None


def test_archived_and_blocked_reports_are_neither_completed_nor_followed_up():
    statuses = Statuses.load(on=TODAY)
    for status in ("Diarsipkan oleh Admin", "Diarsipkan oleh Sistem", "Diarsipkan oleh Pelapor", "Konten Terblokir"):
        found = statuses.find(status)
        assert (found.completed, found.followed, found.forwarded) == (False, False, False)
    assert "Ditutup oleh Sistem" in statuses.counted
    assert not [status for status in statuses.counted if status.startswith("Diarsipkan")]


def test_every_status_has_a_source_and_whoever_is_done_was_forwarded():
    for rule in all_rules("monev_status"):
        assert len(rule.source) > 10
        done, answered, given = (
            rule.values[f"dihitung_{name}"] == "ya" for name in ("selesai", "ditindaklanjuti", "diteruskan")
        )
        assert done <= answered <= given


def test_an_office_decides_by_its_own_table_what_counts(tmp_path: Path):
    closed = GOOD.replace("Tutup\tselesai\tya\tya\tya\tpelapor", "Ditutup oleh Sistem\tselesai\tya\tya\ttidak\tsistem")
    statuses = Statuses.load(table(tmp_path, GOOD, closed.replace("a\t", "b\t", 1)), TODAY)
    assert statuses.counted == ("Tutup",)
    assert statuses.find("Ditutup oleh Sistem").stage == CLOSED  # closed, and not completed
    assert statuses.find("Selesai") is None


def test_a_row_counts_on_its_days_only(tmp_path: Path):
    path = table(
        tmp_path,
        GOOD.replace("2020-01-01\t\t", "2020-01-01\t2025-12-31\t"),
        "b\t2026-01-01\t\tkami\tTutup\tdiproses\tya\tya\ttidak\t-\n",
    )
    assert Statuses.load(path, dt.date(2025, 12, 31)).counted == ("Tutup",)
    assert Statuses.load(path, TODAY).counted == ()
    with pytest.raises(InputError, match="no row holds on the day"):
        Statuses.load(path, dt.date(2019, 1, 1))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (GOOD.replace("selesai", "beres"), "row 2.*'tahap'"),
        (GOOD.replace("\tya\tya\tya", "\tya\tmungkin\tya"), "row 2.*'dihitung_ditindaklanjuti'"),
        (GOOD.replace("pelapor", "walikota"), "row 2.*'ditutup_oleh'"),
        (GOOD.replace("Tutup", " "), "row 2.*'status' is empty"),
        (GOOD.replace("2020-01-01", "kemarin"), "row 2.*'berlaku_dari'"),
        (GOOD.replace("\tpelapor", ""), "row 2: 9 cells"),
        (GOOD + GOOD.replace("a\t", "b\t", 1).replace("Tutup", "TUTUP"), "row 3.*'status': an earlier row"),
    ],
)
def test_a_wrong_cell_is_named_with_file_row_and_column(tmp_path: Path, row: str, said: str):
    with pytest.raises(InputError, match=rf"status_kantor\.tsv, {said}"):
        Statuses.load(table(tmp_path, row), TODAY)


def test_every_figure_is_defined_with_its_source_and_the_references_are_in_the_table():
    definitions = load_definitions(TODAY)
    for definition in definitions.by_key.values():
        assert definition.sentence.endswith(".")
        assert definition.source
        assert (definition.unit == "bagian") == (definition.denominator != "-")
    references = {one.key: one.value for one in definitions["tingkat_selesai"].references}
    assert references == {"sasaran": 1.0, "kemendagri_2020_10": 0.8688}
    assert definitions.enough == 20


def test_every_table_is_named_in_the_readme():
    readme = (data_dir() / "rules" / "README.md").read_text(encoding="utf-8")
    for name in ("monev_angka", "monev_status", "monev_acuan"):
        assert f"`{name}`" in readme
