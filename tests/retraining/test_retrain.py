"""A challenger from history and decisions: the window, the facts, the comparison, and the command as it is called."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from pipeline.cli import cli
from pipeline.cli.training import show_comparison
from pipeline.errors import DataError
from pipeline.retraining.compare.comparison import Comparison, Gate
from pipeline.retraining.data import NO_ROWS, Labelled, Rows
from pipeline.retraining.offices import undated
from pipeline.retraining.retrain import Champion, Retrained, compare_trained, present_champion, retrain_model, window_of
from pipeline.retraining.train import train_model
from pipeline.retraining.trust import load_trust
from pipeline.review.deciding import Choice
from pipeline.review.exporting import export_decisions
from pipeline.review.store import open_store
from pipeline.text import analyze
from pipeline.tracking.artefact import read_artefact, read_manifest
from pipeline.tracking.registry import find
from pipeline.tracking.store import open_store as open_models
from tests.command import run
from tests.retraining.decided_examples import LEVELS, ROADS, WASTE, decisions, office, text
from tests.review.deciding_steps import put
from tests.review.examples import fill, person

NAME = "loket"
STORE = Path("not opened here")
NIK = "9901011203900001"
EMBER = [f"ember {word} hilang" for word in ("satu", "merah", "plastik", "baru", "bekas", "milik")]
_ODD = Rows(EMBER, [ROADS] * 6, np.full(6, np.datetime64("2022-03-01", "us")))
HISTORY = Labelled(office().units.joined([_ODD]), office().urgencies, 86)


def day(number: int, start: str = "2023-01-01") -> dt.datetime:
    return dt.datetime.fromisoformat(start) + dt.timedelta(days=number)


class Compared:
    """Stands for the comparison in separate processes, which has tests of its own; keeps what it was given."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []

    def __call__(self, store: Path, made: Any, units: Rows, urgencies: Rows, *, start: Any, stand_in: Any) -> Any:
        call = {"made": made, "units": units, "urgencies": urgencies, "start": start, "stand_in": stand_in}
        self.calls.append(call)
        return SimpleNamespace(passed=True, lines=lambda: iter([f"{len(units)} rows compared"]))


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> Compared:
    fake = Compared()
    monkeypatch.setitem(sys.modules, "pipeline.retraining.compare", SimpleNamespace(compare_with_champion=fake))
    return fake


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model store with the office's first model, trained on history alone (April 2023 is its last month)."""
    folder = tmp_path_factory.mktemp("model")
    made = train_model(folder, NAME, HISTORY, test_from=np.datetime64("2023-05-01", "us"))
    assert made.version.aliases == ("champion",)
    return folder


def triage(folder: Path) -> str:
    """24 complaints of late 2023 and five on embers, all suggested for the road desk, decided by Sari."""
    url = f"sqlite:///{folder / 'triase.db'}"
    opened = open_store(url)
    units = [*((ROADS, WASTE) * 12), *[WASTE] * 5]
    texts = [*(f"{text(unit, 40 + i)} baru" for i, unit in enumerate(units[:24])), *EMBER[:5]]
    days = [*(day(7 * i, "2023-08-01") for i in range(24)), *[day(0, "2022-03-01")] * 5]
    fill(
        opened, 29, isi=texts, unit=ROADS, unit_2=WASTE, unit_3="Loket Lampu",
        tanggal=[one.date().isoformat() for one in days],
    )  # fmt: skip
    sari = person(opened)
    for number, unit in enumerate(units, start=1):
        back = "Loket Lampu" if number == 2 else None
        choice = Choice(unit, LEVELS[number % 3], "teruskan", returned_from=back)
        put(opened, sari, Choice(None, "rendah", "bukan_aduan") if number == 3 else choice, number)
    opened.close()
    return url


def masked_export(folder: Path) -> str:
    """Another store's one decision as a masked csv."""
    opened = open_store(f"sqlite:///{folder / 'lain.db'}")
    secret = f"sampah menumpuk, nama saya Rahmat Contoh, NIK {NIK}"
    fill(opened, 1, seed=1, isi=secret, unit=ROADS, unit_2=WASTE, tanggal="2023-08-08")
    put(opened, person(opened, "budi"), Choice(WASTE, "rendah", "teruskan"))
    out = folder / "keputusan.csv"
    export_decisions(opened, str(out), actor="cli:uji")
    opened.close()
    assert NIK not in out.read_text("utf-8")
    return str(out)


def written(rows: Rows, path: Path, levels: list[str]) -> str:
    table = {"id": rows.names(), "isi": rows.texts, "unit": rows.labels, "urgensi": levels, "tanggal": rows.times}
    pd.DataFrame(table).to_csv(path, index=False)
    return str(path)


@pytest.fixture(scope="module")
def challenger(store: Path, tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """What ``disposisi retrain`` makes of history, a triage store and a masked csv; few starter texts, to be quick."""
    folder = tmp_path_factory.mktemp("kantor")
    few = Labelled(NO_ROWS, undated(["ada kebakaran besar", "mohon informasi jadwal"], ["darurat", "rendah"]), 2)
    history = written(HISTORY.units, folder / "riwayat.csv", [*HISTORY.urgencies.labels, *[""] * 6])
    fake = Compared()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "pipeline.retraining.compare", SimpleNamespace(compare_with_champion=fake))
        patch.setattr("pipeline.retraining.reading.starter_data", lambda: few)
        kept: list[Retrained] = []
        patch.setattr(
            "pipeline.retraining.retrain.retrain_model", lambda *a, **k: kept.append(retrain_model(*a, **k)) or kept[0]
        )
        patch.setenv("DISPOSISI_STORE", str(store))
        patch.delenv("DISPOSISI_CONFIG", raising=False)
        patch.chdir(folder)
        sources = ("--decisions", triage(folder), "--decisions", masked_export(folder))
        ran = CliRunner().invoke(cli, ["retrain", "--name", NAME, *sources, history, "--test-from", "2023-11-01"])
    assert ran.exception is None
    return SimpleNamespace(done=kept[0], call=fake.calls[0], out=ran.stdout, err=ran.stderr)


def test_what_it_prints(challenger: SimpleNamespace):
    shown = challenger.out
    assert "History: 86 labels of the unit, 80 of the urgency. Decisions: 30 read, 30 used." in shown
    for line in ("11  agreed", "17  corrected", "1  returned", "1  no unit"):
        assert f"{line}\n" in shown, line
    assert "5  unit labels of history replaced: 5 by another unit, 0 by none" in shown
    assert "Measured on rows from 2023-11-01 on (--test-from)." in shown
    assert "majority" in shown
    assert shown.index("rows compared") < shown.index(f"disposisi promote {NAME} 2")
    for secret in (NIK, "Rahmat", "sari"):
        assert secret not in shown + challenger.err


def test_it_is_registered_as_challenger_with_what_made_it(store: Path, challenger: SimpleNamespace):
    version = challenger.done.trained.version
    assert (version.reference, version.aliases) == (f"{NAME}/2", ("challenger",))
    manifest = read_manifest(find(store, version.reference)[1])
    record = manifest["retrain"]
    assert (record["decisions"], record["agreed"], record["corrected"], record["returned"]) == (30, 11, 17, 1)
    assert (record["window"], record["window_why"]) == ("2023-11-01", "--test-from")
    assert record["weight_corrected"] == load_trust().weights.corrected
    assert "sari" not in str(manifest)
    params = open_models(store).get_run(version.run_id).data.params
    assert params["retrain.decisions"] == "30"
    assert params["retrain.weight_history"] == "1.0"


def test_no_row_of_the_window_was_trained_on(challenger: SimpleNamespace):
    """Both halves: trained on rows before, compared on all different texts after."""
    made, call = challenger.done.trained, challenger.call
    start = np.datetime64("2023-11-01", "us")
    assert (call["made"], call["start"]) == (made.version, start)
    every = challenger.done.joined.data
    for rows, compared, facts in (
        (every.units, call["units"], made.unit.facts),
        (every.urgencies, call["urgencies"], made.urgency.facts),
    ):
        late = rows.take(np.flatnonzero(rows.times >= start))
        assert sorted(compared.texts) == sorted(late.texts)
        assert facts["rows"] == len(rows) - len(late)
        assert len(late) == 10
    assert made.unit.facts["last_day"] < "2023-11-01"


def test_who_stands_in_for_a_champion_that_knows_the_window(challenger: SimpleNamespace):
    """It learnt from history before the window alone: to it *ember* is still the road desk's."""
    unit = challenger.call["stand_in"]()
    ember = unit.probabilities(unit.vectorize([analyze("ember hilang")]))
    assert unit.classes_[ember[0].argmax()] == ROADS


def test_the_days_of_both_halves_are_kept(challenger: SimpleNamespace):
    made = challenger.done.trained
    for half in (made.unit, made.urgency):
        assert half.facts["first_day"] < half.facts["last_day"] < "2023-11-01"


def test_a_masked_export_teaches_typed_tokens(store: Path, challenger: SimpleNamespace):
    unit, _, _ = read_artefact(find(store, f"{NAME}/2")[1])
    assert {"<nik>", "<nama>"} <= set(unit.vectorizer_.words)


def test_too_few_urgencies_leave_the_champions_half(store: Path, monkeypatch: pytest.MonkeyPatch):
    """Five texts and two levels are needed; the window's do not count."""

    class StopError(Exception):
        """Ends the retraining before anything is trained."""

    def seen(*given: Any, **more: Any) -> None:
        asked.append((len(given[2].urgencies), more["lender"]))
        raise StopError

    asked: list[tuple[int, str]] = []
    monkeypatch.setattr("pipeline.retraining.retrain.train_model", seen)
    for levels in (["rendah"] * 80, ["rendah"] * 79 + ["tinggi"], ["rendah", *["tinggi"] * 79]):
        urgencies = Rows(HISTORY.urgencies.texts, levels, HISTORY.urgencies.times)
        with pytest.raises(StopError):
            retrain_model(
                store, NAME, replace(HISTORY, urgencies=urgencies), decisions(), trust=load_trust(),
                test_from=np.datetime64("2023-05-01", "us"),
            )  # fmt: skip
    assert asked == [(0, f"{NAME}/1"), (0, f"{NAME}/1"), (70, f"{NAME}/1")]


def waste_share(store: Path, reference: str, text: str) -> float:
    """Return the probability that the model *reference* gives to the waste desk."""
    unit, _, _ = read_artefact(find(store, reference)[1])
    probabilities = unit.probabilities(unit.vectorize([analyze(text)]))
    return float(probabilities[0, unit.classes_.tolist().index(WASTE)])


def test_what_officers_decided_is_learnt(store: Path, challenger: SimpleNamespace):
    """In history every *ember* went to the road desk; officers sent five of six to the waste desk."""
    joined = challenger.done.joined
    assert (joined.replaced_units, joined.changed_units, joined.other_texts) == (5, 5, 0)
    assert waste_share(store, f"{NAME}/1", "ember hilang") < 0.5 < waste_share(store, f"{NAME}/2", "ember hilang")


def test_the_first_model_has_nothing_to_be_compared_with(challenger: SimpleNamespace, compared: Compared):
    made = challenger.done.trained
    start = np.datetime64("2023-11-01", "us")
    assert compare_trained(STORE, made, start=start) is not None
    first = replace(made, version=replace(made.version, aliases=("champion",)))
    assert compare_trained(STORE, first, start=start) is None
    # Refitted on all rows, as without --test-from: there is nothing that it has not seen.
    assert compare_trained(STORE, replace(made, unit=replace(made.unit, unseen=None)), start=None) is None
    assert len(compared.calls) == 1


ROWS = office(300, "2022-01-01")
EARLY = Champion("loket/1", {"unit": {"last_day": "2022-12-31"}})


@pytest.mark.parametrize(
    ("champion", "why", "start"),
    [
        (EARLY, "the day after loket/1's training rows ended", "2023-01-01"),
        (Champion("loket/1", {"unit": {"last_day": "2026-12-31"}}), "the last fifth of the rows", "2026-08-08"),
        (Champion("loket/1", {"unit": {"from": "starter/1"}}), "the last fifth of the rows", "2026-08-08"),
        (None, "the last fifth of the rows", "2026-08-08"),
    ],
)
def test_the_window(champion: Champion | None, why: str, start: str):
    found = window_of(ROWS, None, champion)
    assert (found.why, str(found.start)[:10]) == (why, start)
    assert window_of(ROWS, np.datetime64("2023-06-01", "us"), champion).why == "--test-from"


def test_undated_rows_have_no_window():
    undated = Rows(ROWS.units.texts, ROWS.units.labels, np.full(300, np.datetime64("NaT", "us")))
    with pytest.raises(DataError, match="--date"):
        window_of(Labelled(undated, NO_ROWS, 300), None, EARLY)


def test_there_is_no_champion_of_an_unknown_name(store: Path):
    assert present_champion(store, "tiada") is None
    found = present_champion(store, NAME)
    assert found is not None
    assert (found.reference, str(found.last_day)) == (f"{NAME}/1", "2023-04-29")


@pytest.fixture
def called(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings that name the model store, an empty working folder."""
    monkeypatch.setenv("DISPOSISI_STORE", str(store))
    monkeypatch.delenv("DISPOSISI_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_table_that_is_no_export_is_bad_input(called: Path, capsys: pytest.CaptureFixture[str]):
    written(office().units, called / "riwayat.csv", ["rendah"] * 80)
    assert run("retrain", "--name", NAME, "--decisions", "riwayat.csv", "riwayat.csv") == 2
    told = capsys.readouterr().err
    assert "riwayat.csv, column 'tindakan'" in told
    assert "Traceback" not in told


def test_train_compares_too_where_the_last_rows_were_kept_apart(
    called: Path, challenger: SimpleNamespace, compared: Compared, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):  # fmt: skip
    made = challenger.done.trained
    monkeypatch.setattr("pipeline.retraining.train.train_model", lambda *_, **__: made)
    (called / "latih.csv").write_text("isi,unit,urgensi,tanggal\njalan rusak,a,rendah,2023-01-01\n", encoding="utf-8")
    assert run("train", "--name", NAME, "latih.csv", "--test-from", "2023-03-01") == 0
    start = np.datetime64("2023-03-01")
    assert compared.calls == [
        {"made": made.version, "units": made.unit.unseen, "urgencies": NO_ROWS, "start": start, "stand_in": None}
    ]
    shown = capsys.readouterr().out
    assert shown.index("rows compared") < shown.index("disposisi promote")


def test_after_failed_gates_no_plain_promote_is_named(challenger: SimpleNamespace, capsys: pytest.CaptureFixture[str]):
    gates = (
        Gate("rows", None, 300.0, "so", True),
        Gate("accuracy", 0.8, 0.7, "so", False),
        Gate("size", 1, 9, "so", False),
    )
    outcome = Comparison(f"{NAME}/2", f"{NAME}/1", 300, 0, "2023-11-01", "a", "b", gates)
    show_comparison(challenger.done.trained, outcome)
    shown = capsys.readouterr().out
    assert "To switch: " not in shown
    assert "Scoring still uses the champion. Failed gates: accuracy, size.\n" in shown
    assert f"disposisi compare {NAME} 2 DATA" in shown
    assert f"disposisi promote {NAME} 2 --because" in shown
    show_comparison(challenger.done.trained, replace(outcome, gates=gates[:1]))
    shown = capsys.readouterr().out
    assert f"To switch: disposisi promote {NAME} 2\n" in shown
    assert "--because" not in shown
