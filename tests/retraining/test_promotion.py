"""Promote, refuse, override, roll back: on one store with three versions of the starter's halves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from filelock import FileLock, Timeout

from pipeline.cli import main
from pipeline.errors import GateError, ModelError, ModelNotFoundError
from pipeline.retraining import promotion
from pipeline.retraining.compare import compare_with_champion
from pipeline.retraining.compare.comparison import FILE, Comparison, Gate
from pipeline.retraining.data import NO_ROWS
from pipeline.retraining.offices import undated
from pipeline.retraining.promotion import comparison_of, promote
from pipeline.routing import OUTPUT_COLUMNS, column_kind
from pipeline.scoring import pyfunc_script
from pipeline.scoring.router import Router
from pipeline.tracking import champions
from pipeline.tracking.artefact import write_artefact
from pipeline.tracking.registry import ModelVersion, find_version, log_json, register
from pipeline.tracking.store import open_store


def add_version(store: Path, router: Router) -> ModelVersion:
    def write(folder: Path, reference: str) -> None:
        facts = {"version": reference, "threshold": router.threshold, "code_hash": "c", "unit": {}, "urgency": {}}
        write_artefact(folder, router.unit, router.urgency, facts)

    return register(
        store, "dinas", write, model_script=pyfunc_script(), params={}, metrics={}, log=lambda mlflow: None,
        output_columns={c: column_kind(c) for c in OUTPUT_COLUMNS},
    )  # fmt: skip


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store, made once: making one takes MLflow many seconds."""
    return tmp_path_factory.mktemp("toko")


@pytest.fixture
def store(empty: Path, starter_router: Router, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A store with champion dinas/1 and dinas/2."""
    monkeypatch.setenv("DISPOSISI_STORE", str(empty))
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        add_version(empty, starter_router)
    yield empty
    open_store(empty).delete_registered_model("dinas")


def compared(store: Path, version: int, passed: bool, champion: str = "dinas/1") -> None:
    gates = (Gate("rows", None, 300.0, "100 labelled rows or more", True), Gate("accuracy", 0.8, 0.7, "so", passed))
    outcome = Comparison(f"dinas/{version}", champion, 300, 0, "2023-01-01", "a", "b", gates)
    log_json(store, find_version(store, f"dinas/{version}"), FILE, outcome.to_dict())


def champion(store: Path) -> int:
    return find_version(store, "dinas").version


def tags(store: Path, version: int) -> dict[str, str]:
    return dict(open_store(store).get_model_version("dinas", str(version)).tags)


def test_passed_gates_promote_and_rollback_goes_back(store: Path):
    compared(store, 2, passed=True)
    assert promote(store, "dinas", 2).aliases == ("champion",)
    assert find_version(store, "dinas/1").aliases == ()
    assert tags(store, 2)["replaced"] == "dinas/1"
    gone, back = champions.rollback(store, "dinas", because="keliru")
    assert (gone.version, back.version, champion(store)) == (2, 1, 1)
    assert tags(store, 1)["rolled_back_from"] == "dinas/2"
    with pytest.raises(ModelError, match="nothing to go back to"):
        champions.rollback(store, "dinas")


def test_failed_gates_refuse_unless_somebody_says_why(store: Path, capsys: pytest.CaptureFixture[str]):
    compared(store, 2, passed=False)
    with pytest.raises(SystemExit) as stop:
        main(["promote", "dinas", "2"])
    assert stop.value.code == 2
    told = capsys.readouterr().err
    assert "dinas/2: 1 of 2 gates failed" in told
    assert "FAILED       0.800      0.700  accuracy" in told
    assert "rows:" not in told
    assert champion(store) == 1
    main(["promote", "dinas", "2", "--because", "uji, hubungi 0800-000-2093"])
    assert champion(store) == 2
    kept = tags(store, 2)
    assert kept["failed_gates"] == "accuracy"
    assert kept["because"].startswith("uji, hubungi")
    assert "2093" not in kept["because"]
    main(["rollback", "dinas"])
    assert "dinas/1 is @champion again in place of dinas/2" in capsys.readouterr().out


def test_what_was_never_compared_is_let_through_with_a_warning_or_refused(store: Path, monkeypatch: pytest.MonkeyPatch):
    limits = promotion.load_limits()
    strict = limits.model_copy(update={"promotion": limits.promotion.model_copy(update={"uncompared": "refuse"})})
    monkeypatch.setattr(promotion, "load_limits", lambda: strict)
    with pytest.raises(GateError, match="never compared"):
        promote(store, "dinas", 2)
    monkeypatch.setattr(promotion, "load_limits", lambda: limits)
    said: list[str] = []
    assert promote(store, "dinas", 2, say=said.append).version == 2
    assert "never compared with the champion dinas/1" in said[0]
    assert tags(store, 2)["failed_gates"] == "not compared"


def test_a_comparison_with_an_earlier_champion_does_not_count(store: Path, starter_router: Router):
    add_version(store, starter_router)
    compared(store, 3, passed=True)
    compared(store, 2, passed=True)
    promote(store, "dinas", 2)
    with pytest.raises(GateError, match="compared with dinas/1, but dinas/2 serves now"):
        promote(store, "dinas", 3)
    promote(store, "dinas", 3, because="darurat")
    # Back twice: the way is kept, not only the last step.
    assert champions.rollback(store, "dinas")[1].version == 2
    assert champions.rollback(store, "dinas")[1].version == 1


def test_promoting_the_champion_changes_nothing(store: Path, capsys: pytest.CaptureFixture[str]):
    main(["promote", "dinas", "1"])
    assert "dinas/1 is the champion already" in capsys.readouterr().out
    assert champions.steps(store, "dinas") == []
    with pytest.raises(ModelError, match="nothing to go back to"):
        champions.rollback(store, "dinas")
    with pytest.raises(ModelNotFoundError):
        promote(store, "dinas", 7)
    with pytest.raises(ModelNotFoundError):
        champions.rollback(store, "tidak-ada")


def test_every_step_is_kept_with_its_reason(store: Path, capsys: pytest.CaptureFixture[str]):
    compared(store, 2, passed=False)
    promote(store, "dinas", 2, because="uji lapangan")
    # The champion once more: what was said of it stays.
    promote(store, "dinas", 2)
    assert (tags(store, 2)["because"], tags(store, 2)["failed_gates"]) == ("uji lapangan", "accuracy")
    champions.rollback(store, "dinas", because="keliru")
    compared(store, 2, passed=True)
    promote(store, "dinas", 2, because="lulus dan disetujui")
    assert tags(store, 2)["because"] == "lulus dan disetujui"
    made = champions.steps(store, "dinas")
    assert [(step.kind, step.after, step.before, step.because, step.failed_gates) for step in made] == [
        ("promote", "dinas/2", "dinas/1", "uji lapangan", "accuracy"),
        ("rollback", "dinas/1", "dinas/2", "keliru", ""),
        ("promote", "dinas/2", "dinas/1", "lulus dan disetujui", ""),
    ]
    main(["models", "--steps", "dinas"])
    told = capsys.readouterr().out
    assert "rollback: dinas/1 in place of dinas/2\n    because: keliru\n" in told
    assert "because: uji lapangan\n    not passed: accuracy\n" in told


def test_nobody_moves_the_champion_while_the_gates_are_looked_at(store: Path, monkeypatch: pytest.MonkeyPatch):
    held = []

    def look(where: Path, version: ModelVersion) -> Comparison | None:
        with suppress(Timeout), FileLock(where / ".lock", timeout=0):
            held.append(False)
        held.append(True)
        return comparison_of(where, version)

    compared(store, 2, passed=True)
    monkeypatch.setattr(promotion, "comparison_of", look)
    promote(store, "dinas", 2)
    assert held == [True]


def test_what_could_not_be_judged_needs_a_reason(store: Path):
    gates = (Gate("rows", None, 300.0, "so", True), Gate("accuracy", 0.99, 0.7, "so", False, judged=False))
    outcome = Comparison("dinas/2", "dinas/1", 300, 0, "2023-01-01", "a", "b", gates, ("dinas/1 knows them",))
    log_json(store, find_version(store, "dinas/2"), FILE, outcome.to_dict())
    with pytest.raises(GateError, match=r"0 of 2 gates failed, 1 could not be judged[^$]*dinas/1 knows them"):
        promote(store, "dinas", 2)
    promote(store, "dinas", 2, because="diperiksa dengan tangan")
    assert tags(store, 2)["failed_gates"] == "accuracy (not judged)"


def test_two_alike_pass_the_gates_that_do_not_ask_for_more(store: Path, starter_router: Router):
    from pipeline.retraining.starter import starter_data

    rows = starter_data().units
    rows = undated(rows.texts[::12], rows.labels[::12])
    challenger = find_version(store, "dinas/2")
    outcome = compare_with_champion(store, challenger, rows, NO_ROWS, start=None)
    assert outcome is not None
    assert outcome == comparison_of(store, challenger)
    by_name = {gate.name: gate for gate in outcome.gates}
    assert by_name["accuracy"].passed
    assert by_name["accuracy"].champion == by_name["accuracy"].challenger
    assert by_name["accuracy"].note == "difference +0.000 [+0.000, +0.000]"
    assert by_name["recall of darurat"].note == "47 rows, 0 of the window"
    assert by_name["size"].passed
    assert "no dates" in outcome.warnings[0]
    assert compare_with_champion(store, find_version(store, "dinas/1"), rows, NO_ROWS, start=None) is None
