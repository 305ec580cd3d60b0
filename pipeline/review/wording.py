"""What officers read of the rules that spoke for a complaint, and of what the complaint must not go past unseen."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from pipeline.catalogue import unit_name
from pipeline.catalogue.rules import Rule, find_rule, load_rules, rule_note
from pipeline.routing.findings import ACCUSED_UNIT, UNSURE_REGION
from pipeline.routing.policy import FORCED

STOP, SERIOUS, CAREFUL = "larang", "berat", "awas"
_SECRECY: Final = {
    "anonim": "sembunyikan identitas pelapor (anonim)",
    "rahasia": "rahasiakan seluruh aduan (rahasia)",
}
_POLICY: Final = {
    "kebijakan:keyakinan": "Keyakinan rendah: periksa.",
    "kebijakan:unit_lemah": "Saran untuk unit ini sering keliru: periksa.",
    "kebijakan:kapasitas": "Termasuk yang paling tidak yakin: periksa.",
}
_TABLES: Final = {
    "jenis": "tanda jenis aduan: {kode}",
    "kelengkapan": "tanda ada tidaknya keterangan: {kode}",
    "batas_waktu": "batas waktu kerja: teruskan {teruskan}, jawaban {jawaban}, selesai {selesai} hari",
    "kewenangan_instansi": "menyebut urusan {instansi}",
    "pengawasan": "kata yang menuduh pemegang wewenang: {kode}",
    "pengawasan_konteks": "kata di sekitar tuduhan",
    "pengawasan_rahasia": "alasan merahasiakan aduan",
    "kelompok": "banyak laporan serupa",
}
"""Table of rules whose rows have no meaning of their own → what one of its rows means."""
_UNSAID = re.compile(r"\s*\([^()]*tidak disebut\)")


@dataclass(frozen=True)
class RuleSaid:
    """What rules mean. ``source``: their ids, tables, days of validity and sources, for who wants to check."""

    meaning: str
    source: str


@dataclass(frozen=True)
class Notice:
    """Something an officer must not overlook; ``kind``: :data:`STOP`, :data:`SERIOUS` or :data:`CAREFUL`."""

    text: str
    kind: str


def rules_said(row: Mapping[str, Any], spoken: Sequence[str]) -> list[RuleSaid]:
    """Return what the rules mean, each meaning once."""
    sources: dict[str, list[str]] = {}
    for rule in spoken:
        meaning = _policy_word(rule, row, spoken) or _meaning(rule)
        sources.setdefault(meaning, []).append(f"{rule}: {note_of(rule)}" if note_of(rule) else rule)
    return [RuleSaid(meaning, "\n".join(of)) for meaning, of in sources.items()]


@cache
def note_of(rule: str) -> str:
    """Return what stands behind a rule: its own meaning, its table, its days of validity and its source."""
    note = re.sub(r"\b(\d{4})-(\d\d)-(\d\d)\b", r"\3/\2/\1", rule_note(rule))
    note = re.sub(r"\.tsv, from (\S+) until (\S+);", r".tsv, berlaku \1 sampai \2;", note)
    return re.sub(r"\.tsv, from (\S+);", r".tsv, berlaku sejak \1;", note)


def policy_said(row: Mapping[str, Any], spoken: Sequence[str]) -> list[str]:
    """Return in short sentences why the policy asks a person to look."""
    return [word for rule in spoken if (word := _policy_word(rule, row, spoken))]


def notices(row: Mapping[str, Any], spoken: Sequence[str]) -> list[Notice]:
    """Return what an officer must not overlook, the gravest first."""

    def text(name: str) -> str:
        return str(row.get(name) or "")

    found = []
    if ACCUSED_UNIT in spoken:
        found.append(Notice("Unit saran pertama adalah pihak yang dituduh: jangan teruskan ke sana.", STOP))
    if text("berkadar_pengawasan") == "ya":
        accused, secrecy = text("dituduh"), text("saran_kerahasiaan")
        parts = [
            "Berkadar pengawasan: menuduh pemegang wewenang",
            f"yang dituduh: {accused}" if accused else "",
            f"salinan untuk {unit_name(text('salinan'))}" if text("salinan") else "",
            f"saran: {_SECRECY.get(secrecy, secrecy)}" if secrecy else "",
        ]
        found.append(Notice("; ".join(part for part in parts if part) + ".", SERIOUS))
    if owner := _UNSAID.sub("", text("bukan_kewenangan")):
        found.append(Notice(f"Bukan kewenangan kantor sendiri, melainkan {owner}.", CAREFUL))
    if missing := text("kurang"):
        words = "; ".join(_asked(code) for code in missing.split(";"))
        found.append(Notice(f"Yang kurang: {words}.", CAREFUL))
    return found


def _policy_word(rule: str, row: Mapping[str, Any], spoken: Sequence[str]) -> str:
    """Return what a rule of the policy says, ``""`` for any other."""
    return _forced(row, spoken) if rule == FORCED else _POLICY.get(rule, "")


def _forced(row: Mapping[str, Any], spoken: Sequence[str]) -> str:
    if row.get("berkadar_pengawasan") == "ya":
        return "Menuduh pejabat: selalu diperiksa."
    if UNSURE_REGION in spoken:
        return "Daerahnya belum pasti: pilih."
    return "Ada keterangan yang kurang: periksa." if row.get("kurang") else "Selalu diperiksa petugas."


def _meaning(rule: str) -> str:
    found = find_rule(rule)
    if found is None:
        return rule
    table, row = found
    return row.values.get("arti") or _of_table(table, row)


def _of_table(table: str, row: Rule) -> str:
    pattern = _TABLES.get(table)
    if pattern is None:
        return f"aturan {table.replace('_', ' ')}"
    return pattern.format_map({name: value.replace("_", " ") for name, value in row.values.items()}).rstrip(": ")


@cache
def _asked(code: str) -> str:
    """Return what is missing as ``lokasi (nama jalan, RT/RW)``."""
    questions = {rule.values["kode"]: rule.values["tanya"] for rule in load_rules("kelengkapan_tanya")}
    asked = questions.get(code, code)
    what, colon, details = asked.partition(": ")
    return f"{what} ({details})" if colon else asked
