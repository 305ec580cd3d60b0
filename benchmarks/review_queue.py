"""How fast the triage queue is with 100,000 complaints, on SQLite and on PostgreSQL.

    python benchmarks/review_queue.py                   # the whole: some minutes a database
    python benchmarks/review_queue.py --rows 10000      # smaller

The texts are the starter corpus's, numbered; units, levels, places, dates and groups are drawn (seeded). PostgreSQL is
measured where DISPOSISI_TEST_POSTGRES names a server whose role may create databases. Prints a section in markdown.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import os
import random
import resource
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from speed_report import Cell, Goal, goals_table, machine, number, table
from speed_texts import STARTER
from sqlalchemy import create_engine, make_url, select, text
from sqlalchemy.orm import Session

from pipeline.catalogue import LEVELS, load_units
from pipeline.review import deciding, locks, queue
from pipeline.review.importing import import_scored
from pipeline.review.people import Person, Role, add_person
from pipeline.review.queue import Filters
from pipeline.review.store import Store, open_store
from pipeline.review.store.tables import Complaint
from pipeline.routing import OUTPUT_COLUMNS
from pipeline.settings import ColumnNames

POSTGRES = "DISPOSISI_TEST_POSTGRES"
GOAL_MS = 100.0
ROUNDS = 30
PAGE = 50
RARE, COMMON = "bopengkarsa", "ktp"
"""A word that two complaints have, and one that many have."""
_DAYS = 90
_PLACES = 300
_GROUPED = 0.05


@dataclass
class Figures:
    """Rows a second of an import, and milliseconds of every action by its name."""

    rows: int
    import_seconds: float
    again_seconds: float
    peak_mb: float
    times: dict[str, list[float]] = field(default_factory=dict)

    def percentile(self, name: str, share: float) -> float:
        return float(np.percentile(self.times[name], share))


def write_scored(path: Path, rows: int) -> None:
    """Write a scored table of *rows* complaints."""
    with (STARTER / "korpus.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["isi"] for row in csv.DictReader(file)]
    draw = random.Random(6)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ("id", "tanggal", "isi", *OUTPUT_COLUMNS), restval="")
        writer.writeheader()
        for place in range(rows):
            rare = f" {RARE}" if place in {rows // 3, rows // 2} else ""
            body = f"{texts[place % len(texts)]} ({place + 1}){rare}"
            writer.writerow({"id": f"T-{place + 1:06d}", "isi": body, **_result(draw)})


def _result(draw: random.Random) -> dict[str, Any]:
    codes = list(load_units())
    # A few units get most: the last ones are rare.
    units = [codes[min(int(draw.expovariate(0.35)), len(codes) - 1)], *draw.sample(codes, 2)]
    level = draw.choices(LEVELS, (20, 60, 17, 3))[0]
    received = dt.date(2026, 11, 27) - dt.timedelta(days=draw.randrange(_DAYS))
    sure = round(draw.betavariate(5, 2), 6)
    place = min(int(draw.expovariate(0.02)), _PLACES - 1)
    return {
        "tanggal": received.isoformat(),
        **dict(zip(("unit", "unit_2", "unit_3"), units, strict=True)),
        "keyakinan": sure,
        "keyakinan_2": round((1 - sure) / 2, 6),
        "keyakinan_3": round((1 - sure) / 4, 6),
        "urgensi": level,
        "keyakinan_urgensi": round(draw.uniform(0.4, 1), 6),
        "tindakan": draw.choices(("tinjau", "teruskan", "lengkapi", "bukan_aduan"), (60, 25, 12, 3))[0],
        "alasan": "KTP; blangko; kosong; minggu; bolak",
        "alasan_urgensi": "tidak_ada: kosong, sudah, katanya, minggu",
        "versi_model": "starter/1",
        "jenis": "pengaduan",
        "berkadar_pengawasan": "tidak",
        "wilayah": f"Kab. Contoh {place}, Jawa Tengah" if draw.random() < 0.6 else "",
        "prioritas": str(4 - LEVELS.index(level)),
        "batas_teruskan": (received + dt.timedelta(days=5)).isoformat(),
        "batas_jawab": (received + dt.timedelta(days=7)).isoformat(),
        "batas_waktu": (received + dt.timedelta(days=20)).isoformat(),
        "kelompok": f"kejadian-{draw.randrange(1000)}" if draw.random() < _GROUPED else "",
        "saran_kerahasiaan": "rahasia" if draw.random() < 0.01 else "",
        "aturan": "kebijakan:unit_lemah; kebijakan:keyakinan; batas_2025_sementara_tidak_berkadar",
    }


def measure(url: str, path: Path, rows: int, rounds: int) -> Figures:
    """Import *path* into the empty store at *url* and time what the pages do."""
    store = open_store(url)
    try:
        seconds = _seconds(lambda: _import(store, path))
        again = _seconds(lambda: _import(store, path))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1.024 / 1000
        figures = Figures(rows, seconds, again, peak)
        _time_pages(store, figures.times, rows, rounds)
        _time_changes(store, figures.times, rounds)
    finally:
        store.close()
    return figures


def _import(store: Store, path: Path) -> None:
    import_scored(store, [str(path)], ColumnNames(), actor="cli:uji", rejects=None)


def _time_pages(store: Store, times: dict[str, list[float]], rows: int, rounds: int) -> None:
    people = _people(store)
    codes = list(load_units())
    for who, person in people.items():
        views = {
            "all": Filters(),
            "unit, common": Filters(unit=codes[0]),
            "unit, rare": Filters(unit=codes[-2]),
            "level, rare": Filters(level="darurat"),
            "action, rare": Filters(action="bukan_aduan"),
            "place, rare": Filters(place=f"Kab. Contoh {_PLACES - 20}"),
            "unit, level and place": Filters(unit=codes[0], level="sedang", place="Kab. Contoh 1"),
            "group": Filters(group="kejadian-7"),
            "mine": Filters(mine=True),
            "word, rare": Filters(words=RARE),
            "word, common": Filters(words=COMMON),
            "words, common, unit": Filters(words=f"{COMMON} sudah", unit=codes[0]),
        }
        for name, filters in views.items():
            _time(times, f"page and counts: {name} ({who})", rounds, store, _open_page(person, filters))
        deep = _deep_cursor(store, person, rows)
        _time(times, f"page and counts: deep ({who})", rounds, store, _open_page(person, Filters(), deep))
        since = rows // 2
        _time(
            times, f"new rows since ({who})", rounds, store,
            lambda s, p=person, upto=since: queue.newer(s, p, Filters(), upto),
        )  # fmt: skip
        _time(times, f"facets ({who})", rounds, store, lambda s, p=person: queue.facets(s, p))
        _time(times, f"next complaint ({who})", rounds, store, lambda s, p=person: queue.next_id(s, p, Filters()))
        _time(
            times, f"next complaint, behind one ({who})", rounds, store,
            lambda s, p=person: queue.next_id(s, p, Filters(), after_id=rows // 2),
        )  # fmt: skip


def _open_page(person: Person, filters: Filters, after: str | None = None) -> Callable[[Session], Any]:
    def run(session: Session) -> None:
        queue.page(session, person, filters, after=after, limit=PAGE)
        queue.counts(session, person, filters)

    return run


def _deep_cursor(store: Store, person: Person, rows: int) -> str | None:
    """Return the cursor in the middle of the queue."""
    with store.read() as session:
        return queue.page(session, person, Filters(), limit=rows // 4).next


def _time_changes(store: Store, times: dict[str, list[float]], rounds: int) -> None:
    """Time what an officer does with one complaint after the other, writing transactions and all."""
    with store.write() as session:
        person = add_person(session, "rini", "Rini", Role.OFFICER, "sandi-contoh-2026", must_change=False)
    for _ in range(rounds):
        with store.read() as session:
            chosen = queue.next_id(session, person, Filters())
            assert chosen is not None
            found = session.execute(
                select(Complaint.unit, Complaint.level, Complaint.version).where(Complaint.id == chosen)
            ).one()
        choice = deciding.Choice(found.unit, found.level, "teruskan")

        def opened(session: Session, chosen: int = chosen) -> None:
            locks.take(session, person, chosen)
            deciding.history(session, chosen)

        def decided(
            session: Session, chosen: int = chosen, choice: deciding.Choice = choice, version: int = found.version
        ) -> None:
            deciding.decide(session, person, chosen, choice, version=version)

        _time(times, "open a complaint (lock, history)", 1, store, opened, writes=True)
        _time(times, "decide", 1, store, decided, writes=True)
    _time(times, "undo", min(rounds, 10), store, lambda session: deciding.undo(session, person), writes=True)
    decided_ones = Filters(state="diputuskan", mine=True)
    _time(times, "page and counts: decided by me", rounds, store, _open_page(person, decided_ones))


def _people(store: Store) -> dict[str, Person]:
    codes = list(load_units())
    with store.write() as session:
        return {
            who: add_person(session, login, login.title(), Role.OFFICER, "sandi-contoh-2026", units, must_change=False)
            for who, login, units in (("all units", "sari", ()), ("3 units", "budi", (codes[0], codes[3], codes[-2])))
        }


def _time(
    times: dict[str, list[float]],
    name: str,
    rounds: int,
    store: Store,
    action: Callable[[Session], Any],
    *,
    writes: bool = False,
) -> None:
    for _ in range(rounds):
        began = time.perf_counter()
        with store.write() if writes else store.read() as session:
            action(session)
        times.setdefault(name, []).append(1000 * (time.perf_counter() - began))


def _seconds(action: Callable[[], None]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


@contextmanager
def databases(scratch: Path) -> Iterator[dict[str, str]]:
    """Give an empty database of each kind that is there: name → URL."""
    found = {"SQLite": f"sqlite:///{scratch / 'triase.db'}"}
    server = os.environ.get(POSTGRES)
    if not server:
        yield found
        return
    name = f"ukur_{uuid.uuid4().hex}"
    admin = create_engine(make_url(server), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield {**found, "PostgreSQL": make_url(server).set(database=name).render_as_string(hide_password=False)}
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


def section(results: dict[str, Figures]) -> str:
    """Return the figures as a section in markdown."""
    kinds = list(results)
    first = results[kinds[0]]
    imports: list[list[Cell]] = [
        ["import, rows a second", *(figures.rows / figures.import_seconds for figures in results.values())],
        ["the same file again, rows a second", *(figures.rows / figures.again_seconds for figures in results.values())],
        ["highest memory so far, MB", *(figures.peak_mb for figures in results.values())],
    ]
    actions: list[list[Cell]] = [
        [name, *(figures.percentile(name, share) for figures in results.values() for share in (50, 95))]
        for name in first.times
    ]
    goals = [
        Goal(f"slowest action at p95, {kind}", max(figures.percentile(n, 95) for n in figures.times), GOAL_MS, "ms")
        for kind, figures in results.items()
    ]
    return "\n\n".join(
        [
            f"{number(first.rows)} waiting complaints, {PAGE} a page. {machine()}",
            table(("", *kinds), imports),
            table(("action (ms)", *(f"{kind} {share}" for kind in kinds for share in ("p50", "p95"))), actions),
            goals_table(goals),
        ]
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as urls:
        path = Path(folder) / "skor.csv"
        write_scored(path, options.rows)
        results = {kind: measure(url, path, options.rows, options.rounds) for kind, url in urls.items()}
    print(section(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
