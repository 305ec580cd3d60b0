"""The API: keys and rights, scoring, the queue, decisions, and what it answers to unreadable requests."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.catalogue import LEVELS
from pipeline.errors import ModelNotFoundError
from pipeline.review import audit, clock, deciding, locks, people, sessions
from pipeline.review.choices import DECIDABLE
from pipeline.review.people import Person
from pipeline.review.store import Store
from pipeline.review.store.tables import AuditEntry, Complaint, Decision
from pipeline.review.web import api, limits, schemas
from pipeline.review.web.app import create_app
from pipeline.routing import ACTIONS, OUTPUT_COLUMNS, column_kind
from tests.review.asgi import Client
from tests.review.examples import bring, fill, person, scored

ZONE = "Asia/Jakarta"
NIK, PHONE = "9971015203850004", "081290001234"
STATIC = Path(api.__file__).parent / "static" / "vendor" / "swagger"


def score(texts: list[str]) -> list[dict[str, Any]]:
    """What the model would say; the command line hands in the real one."""
    return scored(len(texts))[list(OUTPUT_COLUMNS)].to_dict("records")


def key_for(store: Store, someone: Person, days: int | None = None) -> str:
    with store.write() as session:
        return sessions.make_api_token(session, someone.login, "uji", days)


def client_for(store: Store, someone: Person, *, scorer: Any = score, days: int | None = None) -> Client:
    app = create_app(store, timezone=ZONE, score=scorer)
    return Client(app, {"Authorization": f"Bearer {key_for(store, someone, days)}"})


@pytest.fixture(autouse=True)
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PER_KEY", 10_000)
    monkeypatch.setattr(limits, "PER_ADDRESS", 10_000)


@pytest.fixture
def sari(store: Store) -> Person:
    return person(store)


@pytest.fixture
def client(store: Store, sari: Person) -> Client:
    fill(store, 7)
    return client_for(store, sari)


def first(client: Client) -> dict[str, Any]:
    found = client.get("/api/antrian", params={"jumlah": 1}).json()["aduan"][0]
    assert isinstance(found, dict)
    return found


def choice(complaint: dict[str, Any], **more: Any) -> dict[str, Any]:
    unit = complaint["saran"]["unit"]
    sent = {"nomor": complaint["nomor"], "versi": complaint["versi"], "unit": unit}
    return {**sent, "urgensi": "tinggi", "tindakan": "teruskan", **more}


def test_the_schemas_words_are_those_of_the_model() -> None:
    assert schemas.Level.__args__ == LEVELS
    assert set(schemas.Action.__args__) == set(ACTIONS)
    assert schemas.Decided.__args__ == tuple(DECIDABLE)
    assert set(schemas.ScoredRow.model_fields) == set(OUTPUT_COLUMNS)


CALLS = [
    ("POST", "/api/skor", {"teks": ["Jalan rusak."]}),
    ("GET", "/api/antrian", None),
    ("GET", "/api/aduan/1", None),
    ("POST", "/api/keputusan", {"nomor": 1, "versi": 1, "urgensi": "rendah", "tindakan": "bukan_aduan"}),
]


def test_without_a_good_key_nothing_is_given(store: Store) -> None:
    fill(store, 1)
    client = Client(create_app(store, timezone=ZONE, score=score))
    for headers in ({}, {"Authorization": "Bearer salah"}, {"Authorization": "Basic c2FyaTpzYXJp"}):
        for method, path, body in CALLS:
            answer = client.request(method, path, json=body, headers=headers)
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer"), (path, headers)
            assert answer.json()["galat"]["kode"] == "tanpa_kunci"


def test_a_session_cookie_is_no_key(store: Store, sari: Person) -> None:
    with store.write() as session:
        token, _ = sessions.begin(session, sari)
    client = Client(create_app(store, timezone=ZONE, score=score, secure_cookie=False))
    assert client.get("/api/antrian", headers={"Cookie": f"sesi={token}"}).status_code == 401


def test_a_key_that_is_over_is_refused(store: Store, sari: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    disabled = client_for(store, person(store, "budi"))
    revoked, lasting, short = (client_for(store, sari, days=days) for days in (None, None, 1))
    clients = (disabled, revoked, short, lasting)
    assert [client.get("/api/antrian").status_code for client in clients] == [200, 200, 200, 200]
    with store.write() as session:
        people.set_active(session, "budi", False)
        sessions.revoke_api_token(session, 2)
    later = clock.now() + dt.timedelta(days=1, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert [client.get("/api/antrian").status_code for client in clients] == [401, 401, 401, 200]


def test_rights_are_those_of_the_role(store: Store) -> None:
    fill(store, 1)
    allowed = {"analis": [200, 200, 200, 403], "admin": [403, 403, 403, 403], "petugas": [200, 200, 200, 201]}
    for role, statuses in allowed.items():
        client = client_for(store, person(store, role, role))
        answers = [client.request(method, path, json=body) for method, path, body in CALLS]
        assert [answer.status_code for answer in answers] == statuses, role
        assert {each.json()["galat"]["kode"] for each in answers if each.status_code == 403} <= {"tidak_berwenang"}


def test_scoring_gives_every_column_and_counts_only(store: Store, client: Client, caplog: Any) -> None:
    texts = [f"NIK saya {NIK}, KTP belum jadi.", "Jalan rusak."]
    with caplog.at_level(logging.DEBUG):
        answer = client.post("/api/skor", json={"teks": texts})
    given = answer.json()
    assert (answer.status_code, given["model"], len(given["baris"])) == (200, "contoh/1", 2)
    assert [set(row) for row in given["baris"]] == [set(OUTPUT_COLUMNS)] * 2
    for name, value in given["baris"][0].items():
        assert isinstance(value, float if column_kind(name) == "double" else str)
    with store.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.event == audit.Event.SCORE)).one()
        assert (entry.actor, entry.model_version, entry.details) == ("sari", "contoh/1", {"baris": 2})
        assert session.scalars(select(Complaint.id)).all() == list(range(1, 8))
    assert NIK not in caplog.text


def test_scoring_without_a_model_says_so(store: Store, sari: Person) -> None:
    answer = client_for(store, sari, scorer=None).post("/api/skor", json={"teks": ["Jalan rusak."]})
    assert (answer.status_code, answer.json()["galat"]["kode"]) == (503, "tanpa_model")


def test_a_model_that_cannot_be_loaded_is_told_of(store: Store, sari: Person, caplog: Any) -> None:
    def missing(texts: list[str]) -> list[dict[str, Any]]:
        raise ModelNotFoundError("no model 'bandung'")

    answer = client_for(store, sari, scorer=missing).post("/api/skor", json={"teks": ["Jalan rusak."]})
    assert (answer.status_code, answer.json()["galat"]["kode"]) == (503, "tanpa_model")
    assert "no model 'bandung'" in caplog.text


def test_missing_numbers_are_null(store: Store, sari: Person) -> None:
    def bare(texts: list[str]) -> list[dict[str, Any]]:
        return [{"unit": "pemda", "keyakinan": 0.5, "keyakinan_2": float("nan"), "versi_model": "contoh/1"}]

    row = client_for(store, sari, scorer=bare).post("/api/skor", json={"teks": ["Jalan rusak."]}).json()["baris"][0]
    assert (row["keyakinan"], row["keyakinan_2"], row["keyakinan_3"], row["unit_2"]) == (0.5, None, None, "")


def test_one_scores_at_a_time_and_the_next_is_told_to_come_again(
    store: Store, sari: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "_TURN_SECONDS", 0.05)
    started, done = threading.Event(), threading.Event()

    def slow(texts: list[str]) -> list[dict[str, Any]]:
        started.set()
        assert done.wait(20)
        return score(texts)

    client, answers = client_for(store, sari, scorer=slow), []
    body = {"teks": ["Jalan rusak."]}
    thread = threading.Thread(target=lambda: answers.append(client.post("/api/skor", json=body)))
    thread.start()
    assert started.wait(20)
    second = client.post("/api/skor", json=body)
    done.set()
    thread.join(20)
    assert (second.status_code, second.json()["galat"]["kode"]) == (503, "sibuk")
    assert float(second.headers["retry-after"]) > 0
    assert [answer.status_code for answer in answers] == [200]
    assert client.post("/api/skor", json=body).status_code == 200  # the turn is free again


def test_a_fault_gives_the_turn_back_and_tells_nothing(store: Store, sari: Person, caplog: Any) -> None:
    def broken(texts: list[str]) -> list[dict[str, Any]]:
        raise RuntimeError(f"cannot read {texts[0]}")

    client = client_for(store, sari, scorer=broken)
    for _ in range(8):
        answer = client.post("/api/skor", json={"teks": [f"NIK {NIK}"]})
        assert (answer.status_code, list(answer.json())) == (500, ["galat"])
        assert NIK not in answer.text
    assert NIK not in caplog.text
    assert "RuntimeError" in caplog.text


def test_the_queue_is_paged_without_loss(client: Client, store: Store) -> None:
    seen: list[int] = []
    cursor: dict[str, str] = {}
    while True:
        page = client.get("/api/antrian", params={"jumlah": 3, **cursor}).json()
        seen += [each["nomor"] for each in page["aduan"]]
        if page["berikutnya"] is None:
            break
        cursor = {"setelah": page["berikutnya"]}
    with store.read() as session:
        order = (Complaint.rank, Complaint.due, Complaint.confidence, Complaint.id)
        assert seen == list(session.scalars(select(Complaint.id).order_by(*order)))


def test_a_complaint_of_the_queue(store: Store, sari: Person) -> None:
    body = f"Saya urus KTP, NIK {NIK}, HP {PHONE}."
    bring(store, scored(1, isi=body, tanggal="2026-11-20", batas_teruskan="2026-11-25", dituduh="oknum lurah"))
    given = first(client_for(store, sari))
    assert given["teks"] == "Saya urus KTP, NIK [NIK], HP [TELEPON]."
    assert (given["nomor"], given["id"], given["versi"], given["keadaan"]) == (1, "A0-00001", 1, "menunggu")
    assert (given["diterima"], given["tenggat"]) == ("2026-11-20T00:00:00+07:00", "2026-11-25")
    assert given["dikunci_oleh"] is None
    assert given["saran"]["dituduh"] == "oknum lurah"
    assert set(given["saran"]) == set(OUTPUT_COLUMNS)


def test_a_complaint_without_dates(store: Store, sari: Person) -> None:
    bring(store, scored(1, tanggal="", batas_teruskan="", batas_waktu=""))
    given = first(client_for(store, sari))
    assert (given["diterima"], given["tenggat"]) == (None, None)


def test_the_queue_is_filtered(store: Store, sari: Person) -> None:
    frame = scored(12).assign(kelompok=["K-1", "K-2"] * 6)
    bring(store, frame)
    client = client_for(store, sari)
    for name in ("unit", "urgensi", "tindakan", "kelompok"):
        value = frame[name][0]
        given = client.get("/api/antrian", params={name: value}).json()["aduan"]
        assert sorted(each["id"] for each in given) == sorted(frame["id"][frame[name] == value]), name


def test_the_queue_is_filtered_by_place_and_words(store: Store, sari: Person) -> None:
    bring(store, scored(2, isi=["Jembatan putus.", "Sumur kering."], wilayah=["Kota Bogor, Jawa Barat", ""]))
    client = client_for(store, sari)
    for query in ({"teks": "jembat"}, {"wilayah": "Kota Bogor"}):
        assert [each["teks"] for each in client.get("/api/antrian", params=query).json()["aduan"]] == [
            "Jembatan putus."
        ]


def test_who_else_has_it_open_is_told(client: Client, store: Store) -> None:
    complaint = first(client)
    budi = person(store, "budi")
    with store.write() as session:
        locks.take(session, budi, complaint["nomor"])
    assert first(client)["dikunci_oleh"] == "Budi"
    assert client.get(f"/api/aduan/{complaint['nomor']}").json()["dikunci_oleh"] == "Budi"
    refused = client.post("/api/keputusan", json=choice(complaint))
    assert (refused.status_code, refused.json()["galat"]["kode"]) == (423, "terkunci")
    assert "Budi" in refused.json()["galat"]["pesan"]


def test_a_decision_is_kept(client: Client, store: Store) -> None:
    complaint = first(client)
    sent = choice(
        complaint, tembusan=["itjen"] if complaint["saran"]["unit"] != "itjen" else ["pemda"], catatan="Segera."
    )
    answer = client.post("/api/keputusan", json=sent)
    given = answer.json()
    assert answer.status_code == 201
    assert given["waktu"].endswith("Z")
    assert given == {
        "nomor": complaint["nomor"], "versi": complaint["versi"] + 1, "waktu": given["waktu"], "petugas": "Sari",
        "unit": sent["unit"], "urgensi": "tinggi", "tindakan": "teruskan", "tembusan": sent["tembusan"],
        "catatan": "Segera.", "salah_alamat_dari": None, "peringkat": 1,
    }  # fmt: skip
    whole = client.get(f"/api/aduan/{complaint['nomor']}").json()
    assert (whole["keadaan"], whole["versi"]) == ("diputuskan", given["versi"])
    assert [(past["petugas"], past["jenis"], past["catatan"]) for past in whole["riwayat"]] == [
        ("Sari", "putusan", "Segera.")
    ]
    with store.read() as session:
        decision = session.scalars(select(Decision)).one()
        assert (decision.unit, decision.level, decision.note) == (sent["unit"], "tinggi", "Segera.")
    assert complaint["nomor"] not in [each["nomor"] for each in client.get("/api/antrian").json()["aduan"]]


def test_a_wrongly_addressed_complaint_is_decided_again(client: Client) -> None:
    complaint = first(client)
    taken = client.post("/api/keputusan", json=choice(complaint)).json()
    other = complaint["saran"]["unit_2"]
    again = choice(complaint, versi=taken["versi"], unit=other, salah_alamat_dari=taken["unit"])
    answer = client.post("/api/keputusan", json=again)
    assert answer.status_code == 201
    assert (answer.json()["unit"], answer.json()["salah_alamat_dari"]) == (other, taken["unit"])
    assert len(client.get(f"/api/aduan/{complaint['nomor']}").json()["riwayat"]) == 2


def test_who_comes_second_is_told_what_stands(client: Client, store: Store) -> None:
    complaint = first(client)
    budi = person(store, "budi")
    with store.write() as session:
        taken = deciding.Choice(unit=None, level="rendah", action="bukan_aduan")
        deciding.decide(session, budi, complaint["nomor"], taken, version=complaint["versi"])
    answer = client.post("/api/keputusan", json=choice(complaint))
    fault = answer.json()["galat"]
    assert (answer.status_code, fault["kode"]) == (409, "berubah")
    assert "Budi" in fault["pesan"]
    assert fault["aduan"] == client.get(f"/api/aduan/{complaint['nomor']}").json()
    assert fault["aduan"]["riwayat"][0]["tindakan"] == "bukan_aduan"


def test_a_suggestion_that_was_replaced_is_not_decided_on(client: Client, store: Store) -> None:
    complaint = first(client)
    fill(store, 7, versi_model="contoh/2")
    for version in ("contoh/1", "tidak/9"):
        answer = client.post("/api/keputusan", json=choice(complaint, versi_model=version))
        fault = answer.json()["galat"]
        assert (answer.status_code, fault["kode"]) == (409, "berubah")
        assert fault["pesan"] == "Saran untuk aduan ini baru saja diganti oleh model contoh/2; periksa lagi."
        assert fault["aduan"]["saran"]["versi_model"] == "contoh/2"
        assert fault["aduan"]["keadaan"] == "menunggu"
    again = choice(fault["aduan"], versi_model="contoh/2")
    assert client.post("/api/keputusan", json=again).status_code == 201
    assert client.post("/api/keputusan", json=choice(first(client))).status_code == 201  # it need not be named


def test_a_note_is_masked(client: Client, store: Store) -> None:
    complaint = first(client)
    given = client.post("/api/keputusan", json=choice(complaint, catatan=f"Telepon {PHONE}, NIK {NIK}.")).json()
    assert given["catatan"] == "Telepon [TELEPON], NIK [NIK]."
    whole = client.get(f"/api/aduan/{complaint['nomor']}")
    assert whole.json()["riwayat"][0]["catatan"] == given["catatan"]
    with store.read() as session:
        assert session.scalars(select(Decision.note)).one() == given["catatan"]


def test_times_in_refusals_are_the_offices(store: Store, sari: Person) -> None:
    fill(store, 2, unit="pemda", prioritas=["1", "2"])
    app = create_app(store, timezone="Asia/Jayapura", score=None)
    client = Client(app, {"Authorization": f"Bearer {key_for(store, sari)}"})
    budi, held = person(store, "budi"), first(client)
    with store.write() as session:
        locks.take(session, budi, 1)
        deciding.decide(session, budi, 2, deciding.Choice(None, "rendah", "bukan_aduan"), version=1)
    refused = [client.post("/api/keputusan", json=choice(held, nomor=number)) for number in (1, 2)]
    assert [answer.status_code for answer in refused] == [423, 409]
    for answer in refused:
        assert " WIT" in answer.json()["galat"]["pesan"]


WRONG: list[dict[str, Any]] = [
    {"unit": "unit yang tidak ada"},
    {"unit": None},
    {"tindakan": "tinjau"},
    {"urgensi": "gawat"},
    {"tembusan": ["unit yang tidak ada"]},
    {"catatan": "a" * 2001},
    {"versi": 0},
    {"lain": 1},
    {"nomor": "satu"},
]


def test_a_wrong_choice_is_refused(client: Client, store: Store) -> None:
    complaint = first(client)
    for wrong in WRONG:
        answer = client.post("/api/keputusan", json={**choice(complaint), **wrong})
        assert (answer.status_code, set(answer.json())) == (422, {"galat"}), wrong
    with store.read() as session:
        assert session.scalars(select(Decision)).all() == []


def test_what_a_person_may_not_see_is_not_there(store: Store) -> None:
    frame = scored(3).assign(unit=["itjen", "pemda", "pemda"], aturan=["", "", "pengawasan:unit_dituduh"])
    bring(store, frame)
    client = client_for(store, person(store, "dewi", units=("pemda",)))
    assert [each["nomor"] for each in client.get("/api/antrian").json()["aduan"]] == [2]
    answers = [client.get(f"/api/aduan/{number}") for number in (1, 2, 3, 4)]
    assert [answer.status_code for answer in answers] == [404, 200, 404, 404]
    body = {"versi": 1, "unit": "pemda", "urgensi": "rendah", "tindakan": "teruskan"}
    for number in (1, 3, 4):
        refused = client.post("/api/keputusan", json={"nomor": number, **body})
        assert (refused.status_code, refused.json()) == (404, answers[3].json())


def test_hidden_complaints_are_not_named(store: Store, sari: Person) -> None:
    frame = scored(3).assign(
        unit=["itjen", "pemda", "pemda"], mirip_dengan=["", "A0-00001; A0-00003", "A0-00001; lama-7"],
        kelompok=["A0-00001", "A0-00001", "A0-00002"],
    )  # fmt: skip
    bring(store, frame)
    client = client_for(store, person(store, "dewi", units=("pemda",)))
    rows = {each["id"]: each["saran"] for each in client.get("/api/antrian").json()["aduan"]}
    named = {number: (row["mirip_dengan"], row["kelompok"]) for number, row in rows.items()}
    assert named == {"A0-00002": ("A0-00003", ""), "A0-00003": ("", "A0-00002")}
    for number in (2, 3):
        assert client.get(f"/api/aduan/{number}").json()["saran"] in list(rows.values())
    everybody = client_for(store, sari).get("/api/aduan/3").json()["saran"]
    assert (everybody["mirip_dengan"], everybody["kelompok"]) == ("A0-00001; lama-7", "A0-00002")


NUMBERS = ["0", "-1", "2147483648", "9223372036854775808", "1e3", "satu", "%00", "1%00", "%ED%A0%80", "9" * 5000]
QUERIES = [
    "unit=%00", "teks=a%00b", "wilayah=%00", "kelompok=%00", "setelah=%00", "jumlah=0", "jumlah=201",
    "jumlah=99999999999999999999", "urgensi=gawat", "tindakan=buang", "setelah=rusak", "setelah=W10",
    "setelah=WzEsIjIwMjYtMTEtMjciLDFlOTk5LDk5OTk5OTk5OTk5OTk5OTk5OTk5XQ", "unti=pemda", "unit=" + "a" * 201,
]  # fmt: skip
BODIES = [
    b"", b"{", b"[]", b"null", b'{"teks": []}', b'{"teks": "a"}', b'{"teks": [""]}', b'{"teks": [1]}',
    b'{"teks": ["a\\u0000b"]}', b'{"teks": ["\\ud800"]}', b'{"\\ud800": 1}', b'{"teks": ["a"], "lain": 1}',
    b'{"teks": [' + b"9" * 5000 + b"]}", b"[" * 50_000, b"\xff\xfe", b'{"teks": ["' + b"a" * 20_001 + b'"]}',
    b'{"teks": [' + b'"a",' * 200 + b'"a"]}', b'{"teks": [NaN]}',
]  # fmt: skip


def test_wrong_numbers_of_complaints(client: Client) -> None:
    for number in NUMBERS:
        answer = client.get(f"/api/aduan/{number}")
        assert (answer.status_code, answer.json()["galat"]["kode"]) == (422, "tidak_sah"), number[:50]


def test_wrong_queries(client: Client) -> None:
    for query in QUERIES:
        answer = client.get(f"/api/antrian?{query}")
        assert (answer.status_code, set(answer.json())) == (422, {"galat"}), query[:50]


def test_unreadable_bodies(client: Client) -> None:
    for body in BODIES:
        answer = client.post("/api/skor", content=body, headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["galat"]["kode"]) == (422, "tidak_sah"), body[:50]


def test_numbers_that_no_database_holds(client: Client) -> None:
    for number in (2**31, 2**63, 10**30, 1.5, True, "1", "1\x00", None):
        for wrong in ({"nomor": number}, {"versi": number}):
            body = {"nomor": 1, "versi": 1, "urgensi": "rendah", "tindakan": "bukan_aduan", **wrong}
            assert client.post("/api/keputusan", json=body).status_code == 422, wrong


def test_a_form_is_no_json(client: Client) -> None:
    assert client.post("/api/skor", data={"teks": "Jalan rusak."}).status_code == 422


def test_what_was_sent_is_not_sent_back(client: Client) -> None:
    body = {"teks": [f"{NIK} " * 2000], "lain": NIK}
    answer = client.post("/api/skor", json=body)
    assert answer.json()["galat"]["rincian"][0]["letak"] == "body.teks.0"
    assert NIK not in answer.text


def test_faults_have_one_form_everywhere(client: Client) -> None:
    answers = {
        404: client.get("/api/tidak-ada"),
        405: client.get("/api/skor"),
        413: client.post("/api/keputusan", content=b"a" * (limits.BODY + 1)),
    }
    for status, answer in answers.items():
        assert (answer.status_code, set(answer.json()), set(answer.json()["galat"])) == (
            status, {"galat"}, {"kode", "pesan"},
        )  # fmt: skip
    assert answers[405].headers["allow"] == "POST"


def test_every_fault_of_the_description_has_its_form(client: Client) -> None:
    description = client.get("/api/openapi.json").json()
    calls = [call for path in description["paths"].values() for call in path.values()]
    assert sorted(description["paths"]) == ["/api/aduan/{nomor}", "/api/antrian", "/api/keputusan", "/api/skor"]
    form = {"schema": {"$ref": "#/components/schemas/FaultAnswer"}}
    for call in calls:
        assert call["security"] == [{"bearer": []}]
        for status, answer in call["responses"].items():
            assert (answer["content"]["application/json"] == form) == (int(status) >= 400)


def test_the_page_of_the_description_needs_no_other_server(client: Client) -> None:
    page = client.get("/api/docs", headers={"Authorization": ""})
    assert page.status_code == 200
    policy = page.headers.get_list("content-security-policy")
    assert len(policy) == 1
    assert "script-src 'self';" in policy[0]
    for name in ("swagger-ui.css", "swagger-ui-bundle.js", "init.js"):
        address = next(part for part in page.text.split('"') if f"/{name}" in part)
        assert client.get(address).content == (STATIC / name).read_bytes()
    assert "<script>" not in page.text
    assert "style=" not in page.text


def test_the_vendored_files_are_those_that_the_readme_names() -> None:
    readme = (STATIC / "README.md").read_text(encoding="utf-8")
    for name in ("swagger-ui-bundle.js", "swagger-ui.css"):
        assert f"| {name} | {sha256((STATIC / name).read_bytes()).hexdigest()} |" in readme
