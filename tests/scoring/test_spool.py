from __future__ import annotations

import pytest

from pipeline.errors import OptionError
from pipeline.scoring.spool import Spool


def test_items_come_back_in_order_and_nothing_is_left(tmp_path):
    with Spool(str(tmp_path / "hasil.csv")) as spool:
        for number in range(5):
            spool.add({"nomor": number})
        assert [item["nomor"] for item in spool] == [0, 1, 2, 3, 4]
        assert list(tmp_path.iterdir()) == []
    assert list(tmp_path.iterdir()) == []


def test_an_empty_spool_gives_nothing(tmp_path):
    with Spool(str(tmp_path / "hasil.csv")) as spool:
        assert list(spool) == []


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(OptionError, match="tidak-ada"):
        Spool(str(tmp_path / "tidak-ada" / "hasil.csv"))
