import datetime as dt

import pytest

from pipeline.catalogue.rules import all_rules, load_rules, read_rules, rule_note
from pipeline.errors import InputError
from pipeline.settings import data_dir

HEAD = "id\tberlaku_dari\tberlaku_sampai\tsumber\thari\n"


def write(tmp_path, *rows: str):
    path = tmp_path / "uji.tsv"
    path.write_text("# catatan\n" + HEAD + "".join(row + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_rule_holds_from_its_first_to_its_last_day(tmp_path):
    (rule,) = read_rules(write(tmp_path, "lama\t2018-01-01\t2025-12-31\tPermenPANRB 62/2018\t14"))
    assert rule.values == {"hari": "14"}
    days = ["2017-12-31", "2018-01-01", "2025-12-31", "2026-01-01"]
    assert [rule.holds(dt.date.fromisoformat(day)) for day in days] == [False, True, True, False]


def test_an_open_end_holds_for_ever(tmp_path):
    (rule,) = read_rules(write(tmp_path, "a\t2018-01-01\t\tSumber\t14"))
    assert rule.holds(dt.date(2100, 1, 1))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["a\t1 Jan\t\tSumber\t1"], r"row 3: column 'berlaku_dari': '1 Jan'"),
        (["a\t\t\tSumber\t1"], r"row 3: column 'berlaku_dari' is empty"),
        (["a\t2018-01-01\t\t\t1"], r"column 'sumber' is empty"),
        (["a\t2018-01-01\t\tS\t1", "a\t2018-01-01\t\tS\t1"], r"row 4: column 'id': 'a' is valid twice on one day"),
        (["a\t2018-01-01\t2017-01-01\tS\t1"], r"row 3: column 'berlaku_sampai' is before"),
        (["a\t2018-01-01\tS\t1"], r"row 3: 4 cells where the header has 5"),
        (["a\t2018-01-01\t\tS\t1\tlebih"], r"row 3: 6 cells where the header has 5"),
    ],
)
def test_a_wrong_rule_is_named_by_row_and_column(tmp_path, rows, said):
    with pytest.raises(InputError, match=said):
        read_rules(write(tmp_path, *rows))


def test_an_ended_rule_and_the_one_after_it_share_an_id(tmp_path):
    old, new = read_rules(write(tmp_path, "a\t2018-01-01\t2025-12-31\tS\t14", "a\t2026-01-01\t\tS\t10"))
    assert [rule.values["hari"] for rule in (old, new) if rule.holds(dt.date(2026, 1, 1))] == ["10"]


def test_what_a_spreadsheet_adds_does_no_harm(tmp_path):
    path = tmp_path / "uji.tsv"
    path.write_bytes(("\ufeff" + HEAD + "a\t2018-01-01\t\tS\t14\n").replace("\n", "\r\n").encode())
    assert read_rules(path)[0].values == {"hari": "14"}


def test_every_shipped_table_is_read_and_every_rule_can_be_looked_up():
    tables = sorted((data_dir() / "rules").glob("*.tsv"))
    assert len(tables) > 20
    for table in tables:
        rules = all_rules(table.stem)
        assert rules, table
        assert rule_note(rules[0].id), table
    assert load_rules("batas_waktu", dt.date(2020, 1, 1)) != load_rules("batas_waktu", dt.date(2026, 1, 1))


def test_a_missing_column_is_named(tmp_path):
    path = tmp_path / "uji.tsv"
    path.write_text("id\thari\n", encoding="utf-8")
    with pytest.raises(InputError, match="berlaku_dari"):
        read_rules(path)
