"""Outputs that would destroy an input, or have no place, are refused before any work."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.cli.options import check_outputs
from pipeline.errors import OptionError
from tests.command import run

ROWS = "id,isi,unit,tanggal\n1,jalan rusak parah sekali,jalan,2023-01-01\n"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("audit", "k.csv", "-o", "k.csv"), "one of the inputs"),
        (("audit", "k.csv", "-o", "x.csv", "--triage", "./k.csv"), "one of the inputs"),
        (("audit", "k.csv", "-o", "x.csv", "--triage", "tiada/../x.csv"), "Two outputs are one file"),
        (("audit", "k.csv", "-o", "d.csv", "--accept", "d.csv"), "one of the inputs"),
        (("drift", "k.csv", "d.csv", "--json", "d.csv"), "one of the inputs"),
        (("drift", "k.csv,d.csv", "--split", "2023-01-01", "--json", "d.csv"), "one of the inputs"),
        (("drift", "k.csv", "d.csv", "--decisions", "sqlite:///t.db", "--json", "t.db"), "one of the inputs"),
        (("drift", "k.csv", "d.csv", "--json", "tiada/x.json"), "there is no folder tiada"),
        (("report", "model", "starter", "k.csv", "-o", "k.csv"), "one of the inputs"),
        (("report", "model", "starter", "k.csv", "--new", "d.csv", "-o", "d.csv"), "one of the inputs"),
        (("evaluate", "k.csv", "--model", "starter", "--json", "k.csv"), "one of the inputs"),
        (("evaluate", "k.csv", "--model", "starter", "--json", "tiada/x.json"), "there is no folder tiada"),
        (("pick", "k.csv", "--labelled", "d.csv", "-o", "d.csv"), "one of the inputs"),
        (("pick", "a.ditolak.csv", "-o", "a.csv"), "one of the inputs"),
        (("score", "a.ditolak.csv", "-o", "a.csv"), "one of the inputs"),
    ],
)
def test_an_output_that_is_an_input_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    args: tuple[str, ...],
    said: str,
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DISPOSISI_STORE", str(tmp_path / "toko"))
    for name in ("k.csv", "d.csv", "a.ditolak.csv", "t.db"):
        (tmp_path / name).write_text(ROWS, encoding="utf-8")
    assert run(*args) == 2
    assert said in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.ditolak.csv", "d.csv", "k.csv", "t.db"]
    assert all(path.read_text(encoding="utf-8") == ROWS for path in tmp_path.iterdir())


def test_a_second_name_of_an_input_is_the_input(tmp_path: Path):
    (tmp_path / "k.csv").write_text(ROWS, encoding="utf-8")
    (tmp_path / "lain.csv").hardlink_to(tmp_path / "k.csv")
    with pytest.raises(OptionError, match="one of the inputs"):
        check_outputs([tmp_path / "lain.csv"], [str(tmp_path / "k.csv")])
    with pytest.raises(OptionError, match="this is a folder"):
        check_outputs([tmp_path])
    check_outputs([tmp_path / "baru.csv", None, "-", "-"], ["-", None])
