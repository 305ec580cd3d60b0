"""``alasan_urgensi``: the rubric's reasons with the citizen's words behind each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.catalogue.urgency import reasons
from pipeline.classifiers.evidence import Evidence
from pipeline.classifiers.explanation import MAX_PHRASES, phrases
from pipeline.text import Token

NO_REASON = "tidak_ada"
_STATUS_NOTE = {"mungkin": " (dikhawatirkan)", "lewat": " (sudah lewat)"}


def urgency_reasons(
    level: str,
    text: str,
    tokens: Sequence[Token],
    evidence: Sequence[Evidence],
    contributions: Mapping[str, float],
) -> str:
    """Return for example ``bahaya_fasilitas: "pohon tumbang"; kelompok_rentan: "lansia"``.

    A feared or past danger says so. Without evidence: ``tidak_ada`` and the words that spoke most for the level.
    """
    order = reasons()
    found: dict[str, list[str]] = {}
    for item in evidence:
        if item.reason not in order or item.status == "negasi":
            continue
        phrase = " ".join(text[item.start : item.end].split())
        shown = f'"{phrase}"{_STATUS_NOTE.get(item.status, "")}'
        if shown not in found.setdefault(item.reason, []):
            found[item.reason].append(shown)
    if level != "rendah" and found:
        parts = [f"{reason}: {', '.join(found[reason][:2])}" for reason in order if reason in found]
        return "; ".join(parts[:MAX_PHRASES])
    words = phrases(text, tokens, contributions)
    return f"{NO_REASON}: {', '.join(words)}" if words else NO_REASON
