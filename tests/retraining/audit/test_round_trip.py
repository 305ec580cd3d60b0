"""From the command to the triage room, an officer's decisions and a patch, and back into training's rows."""

from __future__ import annotations

import stat
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import select

from pipeline.cli import main
from pipeline.review import passwords
from pipeline.review.deciding import Choice, decide
from pipeline.review.exporting import export_decisions
from pipeline.review.importing import Imported, import_scored
from pipeline.review.store import Store, open_store
from pipeline.review.store.tables import Complaint
from pipeline.settings import ColumnNames
from tests.retraining.audit.examples import STAFF, file_of, spoiled
from tests.review.examples import person

PHONE = "081298765432"
RIGHT = "Dinas Sekolah"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the data, an audit's list and its table for the triage room."""
    where = tmp_path_factory.mktemp("audit")
    frame = spoiled()
    frame.loc[10, "isi"] += f" Hubungi {PHONE}."
    data = file_of(where, frame)
    main(["audit", data, "-o", str(where / "temuan.csv"), "--triage", str(where / "tinjau.csv"), "--name", "uji"])
    return where


@pytest.fixture(scope="module")
def decided(folder: Path) -> tuple[Store, Imported]:
    """The triage room after the officer's decisions: L0010 corrected, L0050 confirmed, P1 dismissed, D3 to complete."""
    passwords_before = passwords.hasher
    passwords.hasher = passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    store = open_store(f"sqlite:///{folder / 'triase.db'}")
    done = import_scored(store, [str(folder / "tinjau.csv")], ColumnNames(), actor="cli:uji", rejects=None)
    sari = person(store)
    passwords.hasher = passwords_before
    choices = {
        "L0010": Choice(RIGHT, "rendah", "teruskan", note=f"=1+1; =jelas soal sekolah, {PHONE}"),
        "L0050": Choice(str(spoiled().loc[50, "unit"]), "rendah", "teruskan"),
        "P1": Choice(None, "rendah", "bukan_aduan"),
        "D3": Choice(None, "rendah", "lengkapi"),
    }
    with store.read() as session:
        rows = {row.external_id.split("/")[2]: row for row in session.scalars(select(Complaint))}
    for name, choice in choices.items():
        with store.write() as session:
            decide(session, sari, rows[name].id, choice, version=rows[name].version)
    export_decisions(store, str(folder / "keputusan.csv"), actor="cli:uji")
    return store, done


def test_the_list_is_masked_and_names_each_row(folder: Path):
    found = pd.read_csv(folder / "temuan.csv", dtype=str, keep_default_na=False)
    assert len(found) == len(spoiled()) + 1  # and the unit that is too small
    assert found.iloc[-1][["jenis_temuan", "label_lama"]].tolist() == ["unit_terlalu_kecil", "Museum"]
    assert PHONE not in (folder / "temuan.csv").read_text("utf-8")
    row = found[found["id"] == "L0010"].iloc[0]
    assert row[["berkas", "baris", "kolom", "label_usulan"]].tolist() == ["laporan.csv", "12", "unit", RIGHT]


def test_the_triage_room_takes_every_row_with_why_and_hides_the_file(folder: Path, decided: tuple[Store, Imported]):
    store, done = decided
    assert stat.S_IMODE((folder / "tinjau.csv").stat().st_mode) == 0o600
    assert done.rejected == 0
    assert done.new == done.read >= 5
    with store.read() as session:
        row = session.scalars(select(Complaint).where(Complaint.external_id.like("audit/uji/L0010/%"))).one()
        staff = session.scalars(select(Complaint).where(Complaint.text == STAFF)).one()
    assert (row.unit, row.action) == (RIGHT, "tinjau")
    assert PHONE in row.text  # as given: the room itself masks
    assert staff.unit == "Dinas Jalan"
    assert staff.rank == 1


def test_decisions_become_a_patch_that_training_applies(
    folder: Path, decided: tuple[Store, Imported], capsys: pytest.CaptureFixture[str]
):
    from pipeline.retraining.reading import read_training

    data, patch = folder / "laporan.csv", folder / "perbaikan.csv"
    before = data.read_bytes()
    main(["audit", str(data), "--accept", str(folder / "keputusan.csv"), "-o", str(patch)])
    assert "4 decisions on audit rows: 2 labels to correct, 1 confirmed, 1 without a label" in capsys.readouterr().out
    assert data.read_bytes() == before
    again = folder / "dari_toko.csv"
    main(["audit", str(data), "--accept", f"sqlite:///{folder / 'triase.db'}", "-o", str(again)])
    assert again.read_bytes() == patch.read_bytes()
    assert PHONE not in patch.read_text("utf-8")
    fixes = pd.read_csv(patch, dtype=str, keep_default_na=False).set_index("id")
    assert fixes.loc["L0010", ["nilai_baru", "petugas"]].tolist() == [RIGHT, "sari"]
    assert str(fixes.loc["L0010", "alasan"]).startswith("label dibetulkan: ")
    assert ";" not in fixes.loc["L0010", "alasan"]  # behind one, Excel would run what an officer noted
    assert fixes.loc["P1", "nilai_baru"] == ""
    given = read_training(
        [str(data)], ColumnNames(), need={"text"}, kantor=None, crosswalks=[], pool_places=False, patches=[str(patch)]
    )
    assert given.patches[0].changed == 2
    assert given.home.units.labels[10] == RIGHT
    assert len(given.home.units) == len(spoiled()) - 1


def test_the_later_of_two_decisions_counts_whatever_their_order(
    folder: Path, decided: tuple[Store, Imported], tmp_path: Path
):
    rows = pd.read_csv(folder / "keputusan.csv", dtype=str, keep_default_na=False)
    mine = rows[rows["id"].str.contains("/L0010/")]
    later = mine.assign(unit="Dinas Air", diputuskan_pada="2100-01-01T08:00:00+07:00")
    later["id"] = later["id"].str.replace("audit/uji/", "audit/lain/")  # another audit asked about the same label
    pd.concat([later, rows]).to_csv(tmp_path / "k.csv", index=False)
    out = tmp_path / "p.csv"
    main(["audit", str(folder / "laporan.csv"), "--accept", str(tmp_path / "k.csv"), "-o", str(out)])
    fixes = pd.read_csv(out, dtype=str, keep_default_na=False).set_index("id")
    assert fixes.loc["L0010", ["nilai_baru", "diputuskan_pada"]].tolist() == ["Dinas Air", "2100-01-01T08:00:00+07:00"]


def test_decisions_on_other_data_fit_no_row(
    folder: Path, decided: tuple[Store, Imported], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    changed = spoiled().assign(unit="Dinas Air")
    main(
        ["audit", file_of(tmp_path, changed), "--accept", str(folder / "keputusan.csv"), "-o", str(tmp_path / "p.csv")]
    )
    assert "4 decisions fit no row" in capsys.readouterr().out
    assert len(pd.read_csv(tmp_path / "p.csv")) == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{data}", "-o", "{out}/x.csv", "--unit", "tidak_ada"], "there is no such column"),
        (["{data}", "-o", "{out}/x.txt"], "must end in"),
        (["{data}", "-o", "-"], "goes to a file"),
        (["{data}", "-o", "{out}/x.csv", "--triage", "{out}/tiada/t.csv"], "there is no folder"),
        (["{data}", "-o", "{out}/x.xlsx", "--accept", "{data}"], "a patch is a csv"),
        (["{data}", "-o", "{out}/x.csv", "--accept", "{data}"], "no decisions of officers"),
        (["{data}", "-o", "{out}/x.csv", "--accept", "{data}", "--top", "3"], "--accept writes a patch"),
        (["{data}", "-o", "{out}/x.csv", "--name", "Besar Sekali"], "Model name"),
    ],
)
def test_bad_input_is_one_line(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
):
    with pytest.raises(SystemExit) as exit_:
        main(["audit", *(a.format(data=folder / "laporan.csv", out=tmp_path) for a in arguments)])
    assert exit_.value.code == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
    assert not list(tmp_path.iterdir())
