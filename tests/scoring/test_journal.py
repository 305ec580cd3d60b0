"""The journal holds what was scored, survives a torn end and refuses another model's rows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import OptionError
from pipeline.intake import open_sources
from pipeline.routing import OUTPUT_COLUMNS
from pipeline.scoring.jobs import digest_of, pack, unpack
from pipeline.scoring.journal import Identity, Journal, journal_path
from pipeline.scoring.router import Router
from pipeline.scoring.writer import NewFile, claim
from pipeline.settings import ColumnNames
from pipeline.tracking.artefact import MANIFEST
from pipeline.tracking.locate import MANIFEST as LOCATED
from pipeline.tracking.locate import find_folder
from pipeline.tracking.registry import find

MINE = Identity("kantor/1", "a" * 64, "b" * 64)
BODIES = {bytes([i]) * 16: bytes([i]) * (i * 50) for i in range(1, 5)}


def fill(out: str, *, identity: Identity = MINE) -> Path:
    """Leave the journal of a run that was interrupted after all of BODIES."""
    journal = Journal(out, identity, resume=False, say=pytest.fail)
    for digest, body in BODIES.items():
        journal.add(digest, body)
    journal.__exit__(KeyboardInterrupt, None, None)
    return journal.path


def test_a_record_comes_back_and_a_whole_output_removes_the_journal(tmp_path: Path):
    out = str(tmp_path / "hasil.csv")
    path = fill(out)
    assert path == journal_path(out) == tmp_path / ".hasil.csv.lanjutan"
    with Journal(out, MINE, resume=True, say=pytest.fail) as journal:
        assert {digest: journal.find(digest) for digest in BODIES} == BODIES
        assert journal.find(b"?" * 16) is None
        journal.add(b"n" * 16, b"new")
        assert journal.find(b"n" * 16) == b"new"
    assert not path.exists()


def test_nothing_scored_leaves_no_journal(tmp_path: Path):
    out = str(tmp_path / "hasil.csv")
    with pytest.raises(KeyboardInterrupt), Journal(out, MINE, resume=False, say=pytest.fail):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_a_torn_end_is_cut_off_wherever_it_tears(tmp_path: Path):
    out = str(tmp_path / "hasil.csv")
    whole = fill(out).read_bytes()
    start = whole.index(b"\n") + 1
    ends = [start]
    for body in BODIES.values():
        ends.append(ends[-1] + 28 + len(body))
    assert ends[-1] == len(whole)
    for cut in range(start, len(whole)):
        journal_path(out).write_bytes(whole[:cut])
        kept = sum(end <= cut for end in ends) - 1
        with Journal(out, MINE, resume=True, say=pytest.fail) as journal:
            assert [digest for digest in BODIES if journal.find(digest)] == list(BODIES)[:kept]
            # What is added after a torn record can be read again.
            journal.add(b"n" * 16, b"new")
            assert journal_path(out).stat().st_size == ends[kept] + 28 + 3


def test_a_flipped_byte_ends_the_journal(tmp_path: Path):
    out = str(tmp_path / "hasil.csv")
    content = bytearray(fill(out).read_bytes())
    content[-1] ^= 1
    journal_path(out).write_bytes(content)
    with Journal(out, MINE, resume=True, say=pytest.fail) as journal:
        assert [digest for digest in BODIES if journal.find(digest)] == list(BODIES)[:-1]


def test_another_model_is_refused_and_both_are_named(tmp_path: Path):
    out = str(tmp_path / "hasil.csv")
    path = fill(out)
    before = path.read_bytes()
    for other, said in {
        Identity("kantor/2", MINE.manifest, MINE.code): r"kantor/1, this one uses kantor/2",
        Identity("kantor/1", "c" * 64, MINE.code): r"another training of kantor/1",
    }.items():
        with pytest.raises(OptionError, match=said):
            Journal(out, other, resume=True, say=pytest.fail)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"{}\n", b"[1]\n", b"\xff\x00", b'{"format": 0'])
def test_a_damaged_journal_starts_from_the_beginning(tmp_path: Path, content: bytes):
    out = str(tmp_path / "hasil.csv")
    journal_path(out).write_bytes(content)
    said: list[str] = []
    with Journal(out, MINE, resume=True, say=said.append) as journal:
        journal.add(b"n" * 16, b"new")
    assert len(said) == 1
    assert "from the beginning" in said[0]


def test_other_code_starts_from_the_beginning(tmp_path: Path):
    out = str(tmp_path / "hasil.csv")
    fill(out)
    said: list[str] = []
    with Journal(out, Identity(MINE.model, MINE.manifest, "c" * 64), resume=True, say=said.append) as journal:
        assert all(journal.find(digest) is None for digest in BODIES)
    assert "from the beginning" in said[0]


def test_what_the_user_may_not_expect_is_said(tmp_path: Path):
    out = str(tmp_path / "hasil.csv")
    said: list[str] = []
    with Journal(out, MINE, resume=True, say=said.append):
        pass
    fill(out)
    with Journal(out, MINE, resume=False, say=said.append) as journal:
        assert all(journal.find(digest) is None for digest in BODIES)
    assert ["no unfinished run" in said[0], "is overwritten" in said[1], len(said)] == [True, True, 2]


def test_digests_tell_texts_apart():
    lists = [[], [""], ["", ""], ["ab"], ["a", "b"], ["b", "a"], ["a", "b", ""], ["é"], ["\ud800"], ["ab" * 5000]]
    assert len({digest_of(texts) for texts in lists}) == len(lists)
    assert digest_of(["a", "b"]) == digest_of(["a", "b"])


def test_packed_columns_come_back_exactly(starter_router: Router):
    scored = starter_router.score_texts(["jalan rusak di depan pasar", "", "🙏", "KTP belum jadi 3 bulan"])
    assert list(scored.columns) == list(OUTPUT_COLUMNS)
    pd.testing.assert_frame_equal(unpack(pack(scored)), scored, check_exact=True)


def test_the_input_is_not_in_the_journal(starter_router: Router, tmp_path: Path):
    from pipeline.scoring.batch import OneProcess, score_source

    (tmp_path / "a.csv").write_text("id,isi,nama\nX-77,lampu jalan mati,Budi Contoh\n", encoding="utf-8")
    out = str(tmp_path / "hasil.csv")
    source = open_sources([str(tmp_path / "a.csv")], ColumnNames())

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Journal(out, MINE, resume=False, say=pytest.fail) as journal:
        score_source(source, out, OneProcess(starter_router), journal=journal, progress=stop)
    content = journal.path.read_bytes()
    body = content[content.index(b"\n") + 1 + 28 :]
    assert list(unpack(body).columns) == list(OUTPUT_COLUMNS)
    assert b"Budi" not in content
    assert b"X-77" not in content


def test_the_model_is_found_as_mlflow_finds_it(starter_store: Path, monkeypatch: pytest.MonkeyPatch):
    assert LOCATED == MANIFEST
    expected = find(starter_store, "starter")[1]
    code = (
        "import sys; from pathlib import Path; from pipeline.tracking.locate import find_folder;"
        "print(find_folder(Path(sys.argv[1]), sys.argv[2])); assert 'mlflow' not in sys.modules"
    )
    for reference in ("starter", "starter@champion", "starter/1"):
        done = subprocess.run(
            [sys.executable, "-c", code, str(starter_store), reference], capture_output=True, text=True, check=True
        )
        assert Path(done.stdout.strip()).samefile(expected)
    # Where MLflow's tables are not as expected, MLflow itself answers.
    monkeypatch.setattr("pipeline.tracking.locate._BY_ALIAS", "SELECT nothing FROM nowhere")
    assert find_folder(starter_store, "starter").samefile(expected)


def test_two_runs_never_write_one_output(tmp_path: Path):
    out = str(tmp_path / "hasil.csv")
    with claim(out):
        with pytest.raises(OptionError, match="another disposisi is writing it"), claim(out):
            pytest.fail("claimed twice")
        with claim(str(tmp_path / "lain.csv")):
            pass
    with claim(out):
        pass
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(OptionError, match="there is no folder"), claim(str(tmp_path / "tidak" / "ada.csv")):
        pytest.fail("claimed nowhere")


def test_leftovers_of_a_killed_run_are_removed_and_no_others(tmp_path: Path):
    mine = [NewFile(str(tmp_path / "hasil.csv")).path]
    mine.append(NewFile(str(tmp_path / "hasil.ditolak.csv"), label="hasil.csv.ditolak").path)
    others = [NewFile(str(tmp_path / name)).path for name in ("hasil.xlsx", "hasil-2.csv", "has.csv", "hasil.b.csv")]
    others.append(NewFile(str(tmp_path / "hasil.ditolak.csv"), label="hasil.xlsx.ditolak").path)
    others.append(tmp_path / "hasil.csv")
    others[-1].touch()
    with claim(str(tmp_path / "hasil.csv"), "hasil.csv.ditolak"):
        assert not any(path.exists() for path in mine)
    assert all(path.exists() for path in others)
    narrow = NewFile(str(tmp_path / "a.parquet")).path.rename(tmp_path / ".a-abcdefgh.sementara.sempit")
    with claim(str(tmp_path / "a.parquet")):
        assert not narrow.exists()


def test_numbers_are_not_rounded_on_the_way():
    frame = pd.DataFrame({"keyakinan": np.nextafter(np.array([0.1, 0.3, 1.0]), 0)})
    assert unpack(pack(frame))["keyakinan"].tolist() == frame["keyakinan"].tolist()
