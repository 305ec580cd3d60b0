from __future__ import annotations

from pipeline.cli import main
from pipeline.retraining.card import FILE
from pipeline.tracking.registry import find


def test_the_card_says_what_was_measured_and_what_it_cannot_do(starter_store):
    version, folder = find(starter_store, "starter")
    card = (folder / FILE).read_text(encoding="utf-8")
    assert card.startswith("# Model card: starter/1")
    assert f"{version.metrics['unit_accuracy']:.3f}" in card
    assert f"{version.metrics['urgency_qwk']:.3f}" in card
    for word in ("always the commonest unit", "Not a replacement for an emergency line", "UU 27/2022"):
        assert word in card


def test_models_prints_it(use_store, capsys):
    main(["models", "--card", "starter"])
    assert "# Model card: starter/1" in capsys.readouterr().out
