from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import OptionError
from pipeline.retraining.compare.limits import FILE, load_limits
from pipeline.settings import recipes_dir

SHIPPED = (recipes_dir() / FILE).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("least = 0.95", "least = 95", "guard_recall.least"),
        ("limit = 0.05", "batas = 0.05", "calibration"),
        ("[speed]", "[laju]", "speed"),
        ("slowest = 1.5", 'slowest = "cepat', "not a readable file"),
    ],
)
def test_a_wrong_limit_is_named(tmp_path: Path, old: str, new: str, said: str):
    assert old in SHIPPED
    path = tmp_path / FILE
    path.write_text(SHIPPED.replace(old, new), encoding="utf-8")
    with pytest.raises(OptionError, match=said) as error:
        load_limits(path)
    assert str(path) in str(error.value)


def test_a_unit_may_have_its_own_tolerance():
    limits = load_limits().unit_recall
    assert limits.of("mana saja") == limits.tolerance
    assert limits.model_copy(update={"units": {"Inspektorat": 0.01}}).of("Inspektorat") == 0.01
