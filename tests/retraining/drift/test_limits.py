from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import OptionError
from pipeline.retraining.drift import limits
from pipeline.retraining.drift.limits import MEASURES, WORSE, load_limits


def test_the_shipped_limits():
    shipped = load_limits()
    assert tuple(shipped.distance) == tuple(MEASURES)
    assert set(WORSE) < set(MEASURES)
    assert shipped.permutations >= 20 * len(MEASURES) / shipped.alpha


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("alpha = 0.05", "alpha = 5", "alpha"),
        ("kosakata = ", "kosa_kata = ", "one limit each"),
        ("panjang = 0.11", "panjang = 11", "between 0 and 1"),
        ("min_rows = 30", "rows = 30", "rows"),
    ],
)
def test_a_wrong_file_names_the_key(old: str, new: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    text = (limits.recipes_dir() / limits.FILE).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / limits.FILE).write_text(text.replace(old, new), encoding="utf-8")
    monkeypatch.setattr(limits, "recipes_dir", lambda: tmp_path)
    with pytest.raises(OptionError, match=said):
        load_limits()
