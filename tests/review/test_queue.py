"""The queue: order, pages that neither lose nor repeat, filters, what a person may see, figures."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from pipeline.errors import ReviewError
from pipeline.review import clock
from pipeline.review.deciding import Choice, decide
from pipeline.review.locks import take
from pipeline.review.people import Person
from pipeline.review.queue import Filters, Page, counts, facets, next_id, page
from pipeline.review.store import Store
from pipeline.review.store.tables import DECIDED, NO_DUE, Complaint
from tests.review.examples import bring, fill, person, scored

BROKEN = ["", "x", "!!", "W10", "bnVsbA", "WzEsMiwzLDRd", "WzEsICIyMDI2LTExLTIzIiwgMC41LCAxZTQwMF0", "eyJhIjogMX0", "é"]


def all_pages(store: Store, who: Person, filters: Filters, limit: int = 7) -> list[int]:
    found: list[int] = []
    after, upto = None, None
    while True:
        with store.read() as session:
            part = page(session, who, filters, after=after, upto=upto, limit=limit)
        found += [row.complaint.id for row in part.rows]
        after, upto = part.next, part.upto
        if after is None:
            return found


def sorted_ids(store: Store, keep: Callable[[Complaint], bool] = lambda row: True) -> list[int]:
    with store.read() as session:
        rows = [row for row in session.scalars(select(Complaint)) if keep(row)]
    return [row.id for row in sorted(rows, key=lambda row: (row.rank, row.due, row.confidence, row.id))]


def finish(session: Session, who: Person, number: int) -> None:
    row = session.get_one(Complaint, number)
    decide(session, who, number, Choice(row.unit, row.level, "teruskan"), version=row.version)


def test_order_is_priority_deadline_confidence(store: Store):
    rows = scored(6, prioritas=["2", "1", "1", "1", "1", "3"], keyakinan=[0.1, 0.9, 0.8, 0.7, 0.8, 0.1])
    rows["batas_teruskan"] = ["2026-11-01", "2026-11-03", "2026-11-02", "", "2026-11-02", ""]
    rows["batas_waktu"] = ["2026-10-01"] * 3 + ["2026-11-02"] + ["2026-10-01", ""]
    bring(store, rows)
    assert all_pages(store, person(store), Filters()) == [4, 3, 5, 2, 1, 6]
    with store.read() as session:
        assert session.get_one(Complaint, 6).due == NO_DUE


@pytest.mark.parametrize("limit", [1, 7, 40, 41])
def test_pages_are_the_whole(store: Store, limit: int):
    fill(store, 40, keyakinan=[0.5, 0.25] * 20, prioritas=["1", "1", "2", "3"] * 10)
    assert all_pages(store, person(store), Filters(), limit) == sorted_ids(store)


def test_paging_while_rows_are_decided_and_imported(store: Store):
    """What was there at the beginning and still waits is seen once; what came since is not seen, but counted."""
    me, other = person(store), person(store, "budi")
    fill(store, 60)
    order = sorted_ids(store)
    seen: list[int] = []
    after, upto, step = None, None, 0
    while True:
        with store.read() as session:
            part = page(session, me, Filters(), after=after, upto=upto, limit=5)
        seen += [row.complaint.id for row in part.rows]
        assert part.newer == 4 * step
        after, upto, step = part.next, part.upto, step + 1
        if after is None:
            break
        with store.write() as session:
            finish(session, other, seen[-1])  # the row that the cursor stands on
            finish(session, other, order[-step])  # one that nobody has seen
        fill(store, 4, seed=step, prioritas="1", urgensi="darurat" if step == 1 else "sedang")
        with store.read() as session:
            assert page(session, me, Filters(), upto=upto).newer_urgent == 4
    gone = set(order[-(step - 1) :])
    assert seen == [number for number in order if number not in gone]
    with store.read() as session:
        fresh = page(session, me, Filters(), limit=3)
    assert fresh.upto > upto
    assert all(row.complaint.id > 60 for row in fresh.rows)


@pytest.mark.parametrize("cursor", BROKEN)
def test_a_damaged_cursor_is_refused(store: Store, cursor: str):
    fill(store, 2)
    me = person(store)
    with store.read() as session, pytest.raises(ReviewError, match="rusak"):
        page(session, me, Filters(), after=cursor)


@pytest.mark.parametrize(
    ("filters", "keep"),
    [
        (Filters(unit="pemda"), lambda row: row.unit == "pemda"),
        (Filters(level="tinggi"), lambda row: row.level == "tinggi"),
        (Filters(action="lengkapi"), lambda row: row.action == "lengkapi"),
        (Filters(place="Kota Makassar"), lambda row: row.place == "Kota Makassar"),
        (Filters(group="kejadian-3"), lambda row: row.group_name == "kejadian-3"),
        (Filters(words="lampu GANG"), lambda row: "Lampu jalan di gang" in row.text),
        (Filters(words="lam"), lambda row: "Lampu" in row.text),
        (Filters(words="tidakadakatanya"), lambda row: False),
        (Filters(words="..."), lambda row: True),
        (Filters(unit="pemda", level="sedang"), lambda row: row.unit == "pemda" and row.level == "sedang"),
        (
            Filters(unit="pemda", place="Jawa Barat", words="jalan"),
            lambda row: row.unit == "pemda" and row.place == "Jawa Barat" and "alan" in row.text,
        ),
    ],
)
def test_filters(store: Store, filters: Filters, keep: Callable[[Complaint], bool]):
    fill(store, 80, kelompok=["kejadian-3", "", "", "kejadian-4"] * 20)
    me = person(store)
    expected = sorted_ids(store, keep)
    assert all_pages(store, me, filters) == expected
    with store.read() as session:
        assert counts(session, me, filters)["cocok"] == len(expected)
        assert next_id(session, me, filters) == (expected[0] if expected else None)


def test_mine_is_what_i_have_open_or_decided(store: Store, monkeypatch: pytest.MonkeyPatch):
    me, other = person(store), person(store, "budi")
    fill(store, 6)
    with store.write() as session:
        take(session, me, 1)
        take(session, other, 2)
        finish(session, me, 3)
        finish(session, other, 4)
    assert all_pages(store, me, Filters(mine=True)) == [1]
    assert all_pages(store, me, Filters(mine=True, state=DECIDED)) == [3]
    assert sorted(all_pages(store, me, Filters(state=DECIDED))) == [3, 4]
    later = clock.now() + dt.timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert all_pages(store, me, Filters(mine=True)) == []


def test_filters_go_through_an_address():
    filters = Filters("pemda", "tinggi", "tinjau", "Kota Makassar", "lampu jalan", "kejadian-3", True, DECIDED)
    assert Filters.from_query(filters.to_query()) == filters
    assert Filters().to_query() == {}
    assert Filters.from_query({"unit": " pemda ", "halaman": "3"}) == Filters(unit="pemda")
    with pytest.raises(ReviewError, match="Status"):
        Filters.from_query({"status": "hilang"})


def test_who_is_limited_to_units_sees_these(store: Store):
    fill(store, 40, saran_kerahasiaan=["rahasia", "", "", "", ""] * 8)
    budi, joko = person(store, "budi"), person(store, "joko", units=("pemda", "itjen"))
    own = sorted_ids(store, lambda row: row.unit in {"pemda", "itjen"} and not row.restricted)
    assert any(row not in own for row in sorted_ids(store, lambda row: row.unit == "pemda"))
    assert all_pages(store, joko, Filters()) == own
    with store.read() as session:
        assert counts(session, joko, Filters())["menunggu"] == len(own)
        found = facets(session, joko)
        assert {unit for unit, _ in found["unit"]} == {"pemda", "itjen"}
        assert [sum(number for _, number in found[name]) for name in ("unit", "level", "action")] == [len(own)] * 3
        assert next_id(session, joko, Filters()) == own[0]
        assert next_id(session, joko, Filters(unit="ditjen_otda")) is None
    away, here = own[0], sorted_ids(store, lambda row: row.unit == "ditjen_otda" and not row.restricted)[0]
    with store.write() as session:
        decide(session, joko, away, Choice("ditjen_otda", "sedang", "teruskan"), version=1)
        decide(session, budi, here, Choice("itjen", "sedang", "teruskan"), version=1)
    assert sorted(all_pages(store, joko, Filters(state=DECIDED))) == sorted([away, here])
    assert all_pages(store, person(store, "rina", units=("setjen",)), Filters(state=DECIDED)) == []


def test_figures(store: Store, monkeypatch: pytest.MonkeyPatch):
    levels = ["darurat"] * 2 + ["tinggi"] * 3 + ["sedang"] * 5
    due = ["2026-11-26", "2026-11-27", "2026-11-28", "", *["2026-11-29"] * 6]
    fill(store, 10, urgensi=levels, batas_teruskan=due, batas_waktu="", unit=["pemda"] * 4 + ["itjen"] * 6, wilayah="")
    me, other = person(store), person(store, "budi")
    # 00:30 of 28 November in Jakarta: yesterday in UTC.
    night = dt.datetime(2026, 11, 27, 17, 30, tzinfo=dt.UTC)
    monkeypatch.setattr(clock, "now", lambda: night - dt.timedelta(hours=1))
    with store.write() as session:
        finish(session, me, 8)
    monkeypatch.setattr(clock, "now", lambda: night)
    with store.write() as session:
        finish(session, me, 9)
        finish(session, other, 10)
    with store.read() as session:
        assert counts(session, me, Filters(unit="itjen")) == {
            "menunggu": 7, "darurat": 2, "tinggi": 3, "lewat_batas": 2, "diputuskan_hari_ini": 1, "cocok": 3,
        }  # fmt: skip
        assert counts(session, me, Filters(), zone="UTC")["diputuskan_hari_ini"] == 2
        assert counts(session, me, Filters(), zone="UTC")["lewat_batas"] == 1
        assert facets(session, me) == {
            "unit": [("pemda", 4), ("itjen", 3)],
            "place": [],
            "action": facets(session, me)["action"],
            "level": [("tinggi", 3), ("darurat", 2), ("sedang", 2)],
        }


def test_an_empty_store(store: Store):
    me = person(store)
    with store.read() as session:
        assert page(session, me, Filters()) == Page([], None, 0, 0, 0)
        assert set(counts(session, me, Filters()).values()) == {0}
        assert facets(session, me) == {"unit": [], "place": [], "action": [], "level": []}
        assert next_id(session, me, Filters()) is None


def test_the_next_one_is_free_and_behind_where_i_am(store: Store):
    fill(store, 5)
    me, other = person(store), person(store, "budi")
    order = sorted_ids(store)
    with store.write() as session:
        take(session, other, order[1])
        take(session, me, order[2])

    def following(after: int | None, upto: int | None = None) -> int | None:
        with store.read() as session:
            return next_id(session, me, Filters(), after_id=after, upto=upto)

    assert following(None) == order[0]
    assert following(order[0]) == order[2]  # mine is free for me
    assert following(order[4]) == order[0]  # from the beginning again
    assert following(99) == order[0]
    with store.write() as session:
        finish(session, me, order[0])
    assert following(order[0]) == order[2]
    fill(store, 1, seed=1, prioritas="1", batas_teruskan="2020-01-01")
    assert following(None) == 6
    assert following(None, upto=5) == order[2]
    with store.write() as session:
        session.execute(update(Complaint).where(Complaint.id != order[3]).values(state=DECIDED))
    assert following(order[3]) is None  # no other than the one I am at


def test_where_a_hidden_complaint_stands_is_not_told(store: Store):
    fill(store, 3, unit=["pemda", "itjen", "pemda"], prioritas=["1", "2", "3"])
    joko = person(store, "joko", units=("pemda",))
    with store.read() as session:
        assert next_id(session, joko, Filters(), after_id=1) == 3
        assert next_id(session, joko, Filters(), after_id=2) == 1  # as after one that is not there
        assert next_id(session, joko, Filters(), after_id=99) == 1


PLANNED = [
    Filters(), Filters(unit="pemda"), Filters(level="tinggi"), Filters(action="tinjau"), Filters(place="Kota Makassar"),
    Filters(group="k-3"), Filters(words="lampu"), Filters(mine=True), Filters(mine=True, state=DECIDED),
    Filters(state=DECIDED), Filters(watched=True),
]  # fmt: skip


@pytest.mark.parametrize("units", [(), ("pemda",), ("itjen", "pemda")])
def test_the_queue_is_read_by_its_indexes_after_an_import(store: Store, units: tuple[str, ...]):
    """With the statistics of the import, neither a page nor the next one is looked for among all complaints."""
    if store.dialect != "sqlite":
        pytest.skip("PostgreSQL reads a table as small as this one whole")
    fill(store, 1500, kelompok=[f"k-{number % 40}" for number in range(1500)])
    me, other = person(store, units=units), person(store, "budi")
    with store.write() as session:
        for number in range(1, 40):
            finish(session, other, number)
    sent: list[tuple[str, object]] = []

    @event.listens_for(store.engine, "before_cursor_execute")
    def keep(_connection: object, _cursor: object, statement: str, values: object, *_: object) -> None:
        sent.append((statement, values))

    for filters in PLANNED:
        with store.read() as session:
            first = page(session, me, filters)
            page(session, me, filters, after=first.next)
            next_id(session, me, filters, after_id=700)
    event.remove(store.engine, "before_cursor_execute", keep)
    asked = [(statement, values) for statement, values in sent if "complaint" in statement]
    assert len(asked) > 3 * len(PLANNED)
    with store.engine.connect() as connection:
        for statement, values in asked:
            plan = [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
            assert not [step for step in plan if re.match(r"SCAN complaint(_\d+)?$", step)], (statement, plan)


def test_rows_show_masked_texts_and_who_has_them_open(store: Store):
    fill(store, 3, isi="NIK saya 9935017213900417 ditolak.")
    me, other = person(store), person(store, "budi")
    with store.write() as session:
        take(session, me, 1)
        take(session, other, 2)
    with store.read() as session:
        rows = page(session, me, Filters()).rows
    assert {row.complaint.id: row.locked_by_name for row in rows} == {1: None, 2: "Budi", 3: None}
    assert {row.masked for row in rows} == {"NIK saya [NIK] ditolak."}


def test_a_group_is_not_found_by_the_name_of_a_complaint_out_of_sight(store: Store):
    groups = ["A0-00001"] * 2 + ["A0-00003"] * 2
    fill(store, 4, unit=["itjen", "pemda", "pemda", "pemda"], kelompok=groups)
    limited, other = person(store, "ani", units=("pemda",)), person(store, "budi")
    with store.read() as session:
        found = {
            (who.login, group): sorted(row.complaint.id for row in page(session, who, Filters(group=group)).rows)
            for who in (limited, other)
            for group in ("A0-00001", "A0-00003")
        }
    assert found == {
        ("ani", "A0-00001"): [], ("ani", "A0-00003"): [3, 4],
        ("budi", "A0-00001"): [1, 2], ("budi", "A0-00003"): [3, 4],
    }  # fmt: skip
