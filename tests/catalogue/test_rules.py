import datetime as dt

import pytest

from pipeline.catalogue.rules import read_rules
from pipeline.errors import InputError

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
        (["a\t2018-01-01\t\tS\t1", "a\t2018-01-01\t\tS\t1"], r"row 4: column 'id': 'a' is there twice"),
    ],
)
def test_a_wrong_rule_is_named_by_row_and_column(tmp_path, rows, said):
    with pytest.raises(InputError, match=said):
        read_rules(write(tmp_path, *rows))


def test_a_missing_column_is_named(tmp_path):
    path = tmp_path / "uji.tsv"
    path.write_text("id\thari\n", encoding="utf-8")
    with pytest.raises(InputError, match="berlaku_dari"):
        read_rules(path)
