from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import OptionError
from pipeline.settings import ColumnNames, Settings, find_config, load_settings


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch):
    for name in ("DISPOSISI_STORE", "DISPOSISI_CONFIG"):
        monkeypatch.delenv(name, raising=False)


def write(folder: Path, text: str) -> Path:
    path = folder / "disposisi.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_defaults():
    assert load_settings(None) == Settings() or find_config() is not None
    assert Settings().scoring.model == "starter"


def test_the_nearest_file_upwards_is_found(tmp_path: Path):
    path = write(tmp_path, '[columns]\ntext = "keluhan"\n')
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert find_config(below) == path
    assert load_settings(path).columns.text == "keluhan"


def test_a_relative_store_is_meant_from_the_file(tmp_path: Path):
    path = write(tmp_path, '[tracking]\nstore = "gudang"\n')
    assert load_settings(path).store == tmp_path / "gudang"


def test_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = write(tmp_path, '[tracking]\nstore = "gudang"\n')
    monkeypatch.setenv("DISPOSISI_STORE", str(tmp_path / "lain"))
    assert load_settings(path).store == tmp_path / "lain"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[columns]\nteks = 'isi'\n", "columns.teks"),
        ("[scoring]\nchunk_rows = 0\n", "scoring.chunk_rows"),
        ("[scoring\n", "not a readable settings file"),
    ],
)
def test_a_wrong_file_names_the_key(tmp_path: Path, text: str, named: str):
    with pytest.raises(OptionError, match=named):
        load_settings(write(tmp_path, text))


def test_a_config_that_is_no_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DISPOSISI_CONFIG", str(tmp_path / "tidak-ada.toml"))
    with pytest.raises(OptionError, match="tidak-ada"):
        find_config()


def test_options_win_over_columns():
    columns = ColumnNames(text="isi", unit="dinas").overridden_by(text="keluhan", unit=None)
    assert (columns.text, columns.unit) == ("keluhan", "dinas")
