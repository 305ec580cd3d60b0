"""Personal data in the store: masked, and opened on record without leaving a copy."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import inspect as look
from sqlalchemy import select, text

from pipeline.errors import ForbiddenError
from pipeline.review import audit, privacy
from pipeline.review.privacy import Piece
from pipeline.review.store import Store
from pipeline.review.store.tables import Complaint
from pipeline.text import find_personal, mask, repair
from tests.leaks.identities import IDENTITIES, Identity
from tests.review.examples import fill, person

SHOWN = [one for one in IDENTITIES if one.kind in {"nik", "telepon", "email", "rekening", "plat", "nama"}][::3]


def spans_of(body: str) -> list[list]:
    return [[span.start, span.end, span.kind] for span in find_personal(body)]


@pytest.mark.parametrize("one", IDENTITIES, ids=str)
def test_stored_spans_mask_as_the_text_is_masked(one: Identity):
    body = repair(f"Selamat pagi. {one.text} Terima kasih. {one.text}")
    assert privacy.masked_text(body, spans_of(body)) == mask(body)
    assert one.written not in privacy.masked_text(body, spans_of(body))


def test_pieces_of_a_text():
    body = "NIK 9935017213900417, wa 081200004417"
    assert list(privacy.pieces(body, [[4, 20, "nik"], [25, 37, "telepon"]])) == [
        Piece("NIK ", ""), Piece("[NIK]", "nik"), Piece(", wa ", ""), Piece("[TELEPON]", "telepon")
    ]  # fmt: skip
    assert list(privacy.pieces("tanpa data", [])) == [Piece("tanpa data", "")]
    assert list(privacy.pieces("", [])) == []
    assert privacy.masked_text("12", [[0, 1, "nik"], [1, 2, "kk"]]) == "[NIK][KK]"


def dump(store: Store) -> str:
    """Return everything that the store holds, but for the complaints' texts."""
    found = []
    with store.engine.connect() as connection:
        for name in look(connection).get_table_names():
            columns = [column["name"] for column in look(connection).get_columns(name)]
            for row in connection.execute(text(f'SELECT * FROM "{name}"')):
                found += [str(v) for c, v in zip(columns, row, strict=True) if (name, c) != ("complaint", "text")]
    return "\n".join(found)


def test_opening_is_logged_by_kind_place_and_hash_and_leaves_no_copy(store: Store):
    who = person(store)
    body = repair(" ".join(one.text for one in SHOWN))
    fill(store, 1, isi=body)
    with store.read() as session:
        number = session.scalars(select(Complaint.id)).one()
    for _ in range(2):
        with store.write() as session:
            shown = privacy.reveal(session, who, number)
            assert shown.text == body
    with store.read() as session:
        second, first = audit.entries(session, event=audit.Event.REVEAL)
        data = first.details["data"]
        assert [[one["awal"], one["akhir"], one["jenis"]] for one in data] == spans_of(body)
        assert {one["jenis"] for one in data} == {one.kind for one in SHOWN}
        for one in data:
            assert set(one) == {"jenis", "awal", "akhir", "hmac"}
            assert one["hmac"] == audit.keyed_hash(session, body[one["awal"] : one["akhir"]])
    assert second.details == first.details
    assert (first.actor, first.officer_id, first.complaint_id) == ("sari", who.id, number)
    assert first.model_version == "contoh/1"

    held = dump(store)
    assert "contoh/1" in held
    assert first.details["data"][0]["hmac"] in held
    digits = re.sub(r"(?<=\d)[ .\-](?=\d)", "", held)
    for identity in SHOWN:
        assert not [form for form in (identity.written, *identity.words) if form.lower() in held.lower()]
        assert not identity.digits or identity.digits not in digits


def test_a_text_without_personal_data_is_opened_on_record_too(store: Store):
    who = person(store)
    fill(store, 1)
    with store.write() as session:
        privacy.reveal(session, who, session.scalars(select(Complaint.id)).one())
    with store.read() as session:
        assert audit.entries(session, event=audit.Event.REVEAL)[0].details == {"data": []}


@pytest.mark.parametrize(
    ("role", "units", "message"),
    [
        ("analis", (), "tidak berhak membuka data pribadi"),
        ("admin", (), "tidak berhak membuka data pribadi"),
        ("petugas", ("pemda",), "di luar unit Anda"),
    ],
)
def test_who_may_not_open_it_leaves_no_entry(store: Store, role: str, units: tuple[str, ...], message: str):
    who = person(store, role=role, units=units)
    fill(store, 1, unit="itjen")
    with store.read() as session:
        number = session.scalars(select(Complaint.id)).one()
    for wanted in (number, number + 1):
        with pytest.raises(ForbiddenError, match=message), store.write() as session:
            privacy.reveal(session, who, wanted)
    with store.read() as session:
        assert audit.entries(session, event=audit.Event.REVEAL) == []
