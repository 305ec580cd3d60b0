"""The limits of the shipped table, and what a wrong table says."""

import datetime as dt

import pytest

from pipeline.catalogue.rules import load_rules
from pipeline.catalogue.time_limits import TimeLimits
from pipeline.errors import InputError

HEAD = "id berlaku_dari berlaku_sampai sumber jenis berkadar_pengawasan teruskan jawaban selesai tutup_tanpa_jawaban"
OLD, NEW = dt.date(2024, 12, 31), dt.date(2025, 1, 1)


@pytest.fixture(scope="module")
def limits() -> TimeLimits:
    return TimeLimits.load()


def write(tmp_path, *rows: str):
    path = tmp_path / "batas.tsv"
    lines = [HEAD.replace(" ", "\t"), *(row.replace(" ", "\t").replace("_", " ").replace("=", "_") for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("received", [dt.date(2019, 5, 2), OLD, NEW, dt.date(2027, 1, 4)])
@pytest.mark.parametrize(
    ("kind", "supervisory", "finish"),
    [
        ("permintaan_informasi", False, 5),
        ("pengaduan", False, 14),
        ("aspirasi", False, 14),
        ("pengaduan", True, 60),
        ("aspirasi", True, 60),
        ("permintaan_informasi", True, 60),
    ],
)
def test_limits_of_permenpanrb_62_2018(limits, kind, supervisory, finish, received):
    limit = limits.for_(kind, supervisory, received)
    assert (limit.forward, limit.answer, limit.finish, limit.close) == (3, 5, finish, 10)


def test_the_limits_from_2025_on_say_that_an_officer_must_check(limits):
    old, new = limits.for_("pengaduan", False, OLD), limits.for_("pengaduan", False, NEW)
    assert (old.id, old.source) == ("batas_2018_tidak_berkadar", "PermenPANRB 62/2018")
    assert new.id == "batas_2025_sementara_tidak_berkadar"
    assert "5/2025" in new.source
    assert "memeriksa" in new.source
    assert all("sementara" in rule.id for rule in load_rules("batas_waktu", NEW) if "bukan" not in rule.id)


@pytest.mark.parametrize("supervisory", [False, True])
def test_what_is_no_complaint_has_no_limit(limits, supervisory):
    assert limits.for_("bukan_aduan", supervisory, NEW) is None


def test_before_the_first_rule_there_is_no_limit(limits):
    assert limits.for_("pengaduan", False, dt.date(2017, 12, 31)) is None


def test_an_unknown_kind_is_refused(limits):
    with pytest.raises(InputError, match=r"'keluhan'.*pengaduan"):
        limits.for_("keluhan", False, NEW)


def test_an_office_changes_a_limit_from_a_day_on(tmp_path):
    path = write(
        tmp_path,
        "lama 2018-01-01 2026-06-30 SK=1 pengaduan ya;tidak 3 5 14 10",
        "baru 2026-07-01  SK=2 pengaduan ya;tidak 2 4 10 7",
    )
    limits = TimeLimits.load(path)
    assert limits.for_("pengaduan", True, dt.date(2026, 6, 30)).finish == 14
    new = limits.for_("pengaduan", True, dt.date(2026, 7, 1))
    assert (new.id, new.forward, new.answer, new.finish, new.close, new.source) == ("baru", 2, 4, 10, 7, "SK_2")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["a 2018-01-01  S pengaduan ya 3 5 nol 10"], r"batas\.tsv, column 'selesai': rule 'a'"),
        (["a 2018-01-01  S pengaduan ya 0 5 14 10"], r"column 'teruskan': rule 'a'"),
        (["a 2018-01-01  S pengaduan ya 3 - 14 10"], r"column 'jawaban': rule 'a'"),
        (["a 2018-01-01  S pengaduan mungkin 3 5 14 10"], r"column 'berkadar_pengawasan': rule 'a'"),
        (["a 2018-01-01  S  ya 3 5 14 10"], r"column 'jenis': rule 'a'"),
        (
            ["a 2018-01-01  S pengaduan ya 3 5 14 10", "b 2025-01-01  S aspirasi;pengaduan ya;tidak 3 5 14 10"],
            r"'a' and 'b' hold on the same days for 'pengaduan'.*End the older rule",
        ),
    ],
)
def test_a_wrong_rule_is_named(tmp_path, rows, said):
    with pytest.raises(InputError, match=said):
        TimeLimits.load(write(tmp_path, *rows))
