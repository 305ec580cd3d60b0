"""``disposisi review``: people, keys, units, import and export as an operator calls them, and the server's start."""

from __future__ import annotations

import io
import logging
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import click
import httpx
import pandas as pd
import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner
from sqlalchemy import select

from pipeline.cli import cli, review, review_people
from pipeline.errors import ModelNotFoundError
from pipeline.review import audit, logins, passwords, people, sessions
from pipeline.review.store import Store, open_store
from pipeline.review.store.tables import Complaint, UnitChoice
from pipeline.review.web.app import create_app
from pipeline.routing import OUTPUT_COLUMNS
from pipeline.settings import load_settings
from tests import command
from tests.review.asgi import Client
from tests.review.examples import PASSWORD, scored


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture(autouse=True)
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A store of this test's own that the settings name; no model anywhere."""
    address = f"sqlite:///{tmp_path / 'triase.db'}"
    monkeypatch.setenv("DISPOSISI_DATABASE", address)
    monkeypatch.setenv("DISPOSISI_STORE", str(tmp_path / "model"))
    monkeypatch.setenv("LOGNAME", "operator")
    monkeypatch.delenv("DISPOSISI_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    return address


@pytest.fixture
def store(url: str):
    opened = open_store(url)
    yield opened
    opened.close()


def run(*args: str) -> int:
    return command.run("review", *args)


def add(monkeypatch: pytest.MonkeyPatch, login: str, *options: str, password: str = PASSWORD) -> int:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{password}\n"))
    return run("user", "add", login, "--name", login.title(), "--password-stdin", *options)


def actors(store: Store, event: str) -> list[tuple[str, dict]]:
    with store.read() as session:
        return [(entry.actor, entry.details) for entry in audit.entries(session, event=event)]


def test_the_roles_are_those_of_the_triage():
    assert list(people.Role) == list(review_people.ROLES)


def test_a_person_is_added_listed_disabled_and_enabled(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    assert run("user", "list") == 0
    assert "disposisi review user add" in capsys.readouterr().out
    assert add(monkeypatch, "sari", "--role", "petugas", "--unit", "Dinas Jalan", "--unit", "itjen") == 0
    told = capsys.readouterr()
    assert told.out == "sari is added as petugas.\n"
    assert "Dinas Jalan, itjen" in told.err
    person = logins.log_in(store, "sari", PASSWORD, "10.0.0.1")
    assert (person.role, person.units, person.must_change) == ("petugas", {"Dinas Jalan", "itjen"}, True)
    assert run("user", "disable", "sari") == 0
    assert run("user", "list") == 0
    assert re.search(r"^sari +petugas +Sari  \(disabled; .*only Dinas Jalan, itjen\)$", capsys.readouterr().out, re.M)
    assert run("user", "enable", "SARI") == 0
    with store.read() as session:
        assert people.find_person(session, "sari").active
    done = actors(store, "ubah_pengguna")
    assert [details["hal"] for _, details in done] == ["aktifkan", "nonaktifkan", "tambah"]
    assert {actor for actor, _ in done} == {"cli:operator"}


def test_passwords_are_asked_for_twice_and_not_shown(store: Store):
    call = ["review", "user", "add", "sari", "--name", "Sari", "--role", "penyelia"]
    wrong = CliRunner().invoke(cli, call, input=f"{PASSWORD}\nlain-lagi-2026\n")
    assert wrong.exit_code != 0
    right = CliRunner().invoke(cli, call, input=f"{PASSWORD}\n{PASSWORD}\n")
    assert right.exit_code == 0, right.output
    assert PASSWORD not in right.output
    again = CliRunner().invoke(cli, ["review", "user", "password", "sari"], input="sandi-kedua-26\nsandi-kedua-26\n")
    assert again.output.endswith("sari has a new password.\n")
    assert logins.log_in(store, "sari", "sandi-kedua-26", "10.0.0.1").must_change


def test_wrong_people_are_refused_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], store: Store
):
    assert add(monkeypatch, "sari", "--role", "petugas") == 0
    capsys.readouterr()
    refused = {
        "taken": add(monkeypatch, "sari", "--role", "petugas"),
        "login name": add(monkeypatch, "s ri", "--role", "petugas"),
        "at least 10": add(monkeypatch, "budi", "--role", "petugas", password="pendek"),
        "no password": add(monkeypatch, "budi", "--role", "petugas", password=""),
        "no such person": run("user", "disable", "siapa"),
        "No such person": run("user", "password", "siapa"),
        "no key": run("token", "revoke", "7"),
        "label": run("unit", "add", " "),
    }
    assert set(refused.values()) == {2}
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == len(refused)
    for part, line in zip(refused, lines, strict=True):
        assert line.startswith("disposisi: ")
        assert part.lower() in line.lower()
    assert add(monkeypatch, "budi", "--role", "bos") == 2


def test_a_key_is_printed_once(store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    assert run("token", "list") == 0
    add(monkeypatch, "sari", "--role", "petugas")
    capsys.readouterr()
    assert run("token", "add", "sari", "--name", "Dasbor", "--days", "30") == 0
    told = capsys.readouterr()
    key = told.out.strip()
    assert "once sari has logged in and changed the password" in told.err
    with store.write() as session:
        assert sessions.find_api_token(session, key) is None
        people.set_password(session, "sari", "sandi-kedua-26", must_change=False)
        person = sessions.find_api_token(session, key)
        assert person is not None
        assert person.login == "sari"
    assert run("token", "list") == 0
    listed = capsys.readouterr().out
    assert re.search(r"^ +1  sari +until \d{4}-\d\d-\d\d +Dasbor$", listed, re.M)
    assert key not in listed
    assert run("token", "revoke", "1") == 0
    with store.read() as session:
        assert sessions.find_api_token(session, key) is None
    assert [actor for actor, _ in actors(store, "ubah_token")] == ["cli:operator"] * 2


def test_a_new_password_tells_of_the_keys_and_may_revoke_them(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def password(*options: str) -> str:
        monkeypatch.setattr(sys, "stdin", io.StringIO("sandi-kedua-26\n"))
        assert run("user", "password", "sari", "--password-stdin", *options) == 0
        return capsys.readouterr().out

    add(monkeypatch, "sari", "--role", "petugas")
    capsys.readouterr()
    assert password() == "sari has a new password.\n"
    for name in ("Dasbor", "Bot"):
        assert run("token", "add", "sari", "--name", name) == 0
    key = capsys.readouterr().out.splitlines()[0]
    assert "once sari has changed it: 2. Revoke them, too: --revoke-keys" in password()
    assert password("--revoke-keys").endswith("API keys revoked: 2\n")
    with store.write() as session:
        people.set_password(session, "sari", "sandi-ketiga-26", must_change=False)
        assert sessions.find_api_token(session, key) is None
        assert sessions.working_keys(session, "sari") == []


def test_a_person_is_changed_and_keeps_the_session(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    add(monkeypatch, "sari", "--role", "petugas", "--unit", "itjen")
    with store.write() as session:
        token, _ = sessions.begin(session, people.find_person(session, "sari"))
    capsys.readouterr()
    assert run("user", "change", "SARI", "--role", "penyelia", "--unit", "Dinas  Jalan", "--unit", "itjen") == 0
    told = capsys.readouterr()
    assert told.out == "sari is changed.\n"
    assert "Dinas Jalan, itjen" in told.err
    assert run("user", "change", "sari", "--all-units", "--name", " Sari  W. ", "--role", "penyelia") == 0
    found = sessions.current(store, token)
    assert found is not None
    assert (found[0].role, found[0].units, found[0].name) == ("penyelia", frozenset(), "Sari W.")
    capsys.readouterr()
    assert run("user", "change", "sari", "--name", "Sari W.") == 0
    assert capsys.readouterr().out == "sari was so already.\n"
    with store.read() as session:
        last, first, _ = audit.entries(session, event="ubah_pengguna")
    assert first.details == last.details == {"pengguna": "sari", "hal": "ubah"}
    assert first.before == {"peran": "petugas", "unit": ["itjen"]}
    assert first.after == {"peran": "penyelia", "unit": ["Dinas Jalan", "itjen"]}
    assert (last.before, last.after) == (
        {"unit": ["Dinas Jalan", "itjen"], "nama": "Sari"}, {"unit": [], "nama": "Sari W."}
    )  # fmt: skip
    refused = [[], ["--unit", "a", "--all-units"], ["--name", " "], ["--unit", "x" * 201], ["--role", "bos"]]
    assert {run("user", "change", "sari", *options) for options in refused} == {2}
    assert run("user", "change", "siapa", "--name", "X") == 2


def test_texts_are_erased(store: Store, capsys: pytest.CaptureFixture[str]):
    scored(3).to_csv("hasil.csv", index=False)
    assert run("import", "hasil.csv") == 0
    assert run("forget", "A0-00001") == 2
    assert "--waiting" in capsys.readouterr().err
    assert run("forget", "A0-00001", "A0-00002", "--waiting") == 0
    assert capsys.readouterr().out == "2 complaints erased\n"
    assert run("forget", "A0-00001", "A0-00003", "--waiting") == 0
    assert capsys.readouterr().out == "1 complaints erased; 1 had been erased before\n"
    assert {actor for actor, _ in actors(store, "hapus_isi")} == {"cli:operator"}
    with store.read() as session:
        assert set(session.scalars(select(Complaint.text))) == {""}


@pytest.mark.parametrize(
    ("host", "status"),
    [("127.0.0.1:8000", 303), ("localhost", 303), ("[::1]:8000", 303), ("triase.example", 403), ("10.0.0.5:80", 403)],
)
def test_nobody_logs_in_in_the_clear_from_elsewhere(
    store: Store, monkeypatch: pytest.MonkeyPatch, host: str, status: int
):
    add(monkeypatch, "sari", "--role", "petugas")
    client = Client(create_app(store, timezone="Asia/Jakarta", score=None, secure_cookie=False), {"Host": host})
    fields = {"login": "sari", "sandi": PASSWORD}
    address = f"http://{host}"
    answer = client.post(f"{address}/masuk", data=fields, headers={"Origin": address})
    assert answer.status_code == status
    page = client.get(f"{address}/masuk")
    assert page.status_code == (200 if status == 303 else 403)
    assert ("--behind-proxy" in page.text) == (status == 403)


@pytest.mark.parametrize(("origin", "status"), [("https://testserver", 303), ("http://testserver", 403)])
def test_a_page_of_the_same_name_without_tls_is_another_site(
    store: Store, monkeypatch: pytest.MonkeyPatch, origin: str, status: int
):
    add(monkeypatch, "sari", "--role", "petugas")
    client = Client(create_app(store, timezone="Asia/Jakarta", score=None))
    for header in ({"Origin": origin}, {"Referer": f"{origin}/masuk"}):
        answer = client.post("/masuk", data={"login": "sari", "sandi": PASSWORD}, headers=header)
        assert answer.status_code == status


def test_units_are_added_by_hand(store: Store, capsys: pytest.CaptureFixture[str]):
    assert run("unit", "list") == 0
    assert "No unit yet" in capsys.readouterr().out
    assert run("unit", "add", "Dinas  Pemakaman") == run("unit", "add", "Dinas Pemakaman") == 0
    assert run("unit", "add", "itjen") == 0
    assert "was there already" in capsys.readouterr().out
    assert run("unit", "list") == 0
    assert capsys.readouterr().out.splitlines() == [
        "Dinas Pemakaman  (added by hand)", "itjen  Inspektorat Jenderal  (added by hand)"
    ]  # fmt: skip
    with store.read() as session:
        assert set(session.scalars(select(UnitChoice.label))) == {"Dinas Pemakaman", "itjen"}
    assert len(actors(store, "ubah_unit")) == 2


def test_scored_rows_are_imported_once(store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    frame = scored(12).rename(columns={"isi": "cerita"})
    frame.loc[3, "versi_model"] = ""
    frame.to_csv("hasil.csv", index=False)
    (tmp_path / "hasil.ditolak.csv").write_text("daftar dari disposisi score")
    assert run("import", "hasil.csv", "--text", "cerita") == 0
    told = capsys.readouterr().out
    assert told.startswith("12 rows read: 11 new, 0 with a new suggestion, 0 known already, 1 rejected\n")
    assert "hasil.impor.ditolak.csv" in told
    assert len(pd.read_csv("hasil.impor.ditolak.csv")) == 1
    assert (tmp_path / "hasil.ditolak.csv").read_text() == "daftar dari disposisi score"
    assert run("import", "hasil.csv", "--text", "cerita") == 0
    assert capsys.readouterr().out.startswith("12 rows read: 0 new, 0 with a new suggestion, 11 known already, 1")
    with store.read() as session:
        assert len(session.scalars(select(Complaint.id)).all()) == 11
    assert {actor for actor, _ in actors(store, "impor")} == {"cli:operator"}


def test_a_table_that_was_not_scored_is_refused(capsys: pytest.CaptureFixture[str]):
    scored(3)[["id", "tanggal", "isi"]].to_csv("aduan.csv", index=False)
    assert run("import", "aduan.csv") == 2
    assert "disposisi score" in capsys.readouterr().err


def test_decisions_are_exported(store: Store, capsys: pytest.CaptureFixture[str]):
    assert run("export", "putusan.csv", "--since", "2026-11-01") == 0
    assert capsys.readouterr().out == "0 decisions written to putusan.csv\n"
    assert run("export", "putusan.csv", "--with-personal-data") == 0
    assert "personal data" in capsys.readouterr().err
    assert Path("putusan.csv").stat().st_mode & 0o777 == 0o600
    assert {actor for actor, _ in actors(store, "ekspor")} == {"cli:operator"}
    assert run("export", "putusan.docx") == 2


def test_the_database_is_named_before_or_after_the_subcommand(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    before, after = (f"sqlite:///{tmp_path / name}" for name in ("satu.db", "dua.db"))
    assert run("--database", before, "unit", "add", "satu") == run("unit", "add", "dua", "--database", after) == 0
    capsys.readouterr()
    for address, label in ((before, "satu"), (after, "dua")):
        assert run("unit", "list", "--database", address) == 0
        assert capsys.readouterr().out == f"{label}  (added by hand)\n"
    assert run("user", "list", "--database", "mysql://localhost/x") == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--host", "0.0.0.0"], "--behind-proxy"),
        (["--host", "triase.example"], "--tls-cert"),
        (["--host", "::"], "in the clear"),
        (["--behind-proxy", "--host", "0.0.0.0"], "past the proxy"),
        (["--behind-proxy", "--tls-cert", __file__], "belong together"),
        (["--tls-cert", __file__, "--tls-key", __file__, "--port", "0"], "no certificate"),
        (["--model", "tiada"], "tiada"),
    ],
)
def test_unsafe_or_wrong_ways_to_serve_are_refused(
    options: list[str], message: str, capsys: pytest.CaptureFixture[str]
):
    assert run(*options) == 2
    assert message in capsys.readouterr().err.splitlines()[-1]


def test_a_port_in_use_is_told(capsys: pytest.CaptureFixture[str]):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert run("--port", str(port)) == 2
    assert f"127.0.0.1:{port} cannot be listened on" in capsys.readouterr().err


@pytest.mark.parametrize(("options", "trusted"), [([], False), (["--behind-proxy", "--host", "::1"], True)])
def test_how_the_server_is_set_up(options: list[str], trusted: bool, monkeypatch: pytest.MonkeyPatch):
    import uvicorn

    seen = []

    class Server:
        def __init__(self, config: uvicorn.Config) -> None:
            seen.append(config)

        def run(self, sockets: list[socket.socket]) -> None:
            raise KeyboardInterrupt

    monkeypatch.setattr(uvicorn, "Server", Server)
    assert run(*options, "--port", "0") == 0
    config = seen[0]
    assert (config.proxy_headers, config.forwarded_allow_ips) == (trusted, "127.0.0.0/8,::1")
    assert config.limit_concurrency == 400
    assert logging.getLogger("python_multipart.multipart").getEffectiveLevel() == logging.ERROR
    assert not config.access_log
    assert not config.server_header
    assert config.workers == 1


def test_the_server_answers_until_ctrl_c(url: str, store: Store):
    code = "from pipeline.cli import main; main(['review', '--port', '0'])"
    server = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stderr is not None
        nobody, _, place = (server.stderr.readline() for _ in range(3))
        assert "disposisi review user add" in nobody
        found = re.search(r"http://127\.0\.0\.1:\d+", place)
        assert found, place
        page = httpx.get(f"{found.group()}/masuk")
        assert page.status_code == 200
        assert "server" not in page.headers
        server.send_signal(signal.SIGINT)
        out, err = server.communicate(timeout=30)
    finally:
        server.kill()
        server.wait()
    assert (server.returncode, out, err) == (0, "", "")


def test_faults_are_logged_without_what_they_say():
    record = SimpleNamespace(exc_info=(ValueError, ValueError("NIK 9935017213900417"), None))
    assert review._without_trace(record)  # type: ignore[arg-type]
    assert record.exc_info is None


def test_texts_are_scored_for_the_api(starter_store: Path, monkeypatch: pytest.MonkeyPatch):
    assert review._scorer(load_settings(), None) is None
    with pytest.raises(ModelNotFoundError):
        review._scorer(load_settings(), "tiada")
    monkeypatch.setenv("DISPOSISI_STORE", str(starter_store))
    score = review._scorer(load_settings(), None)
    assert score is not None
    rows = score(["Blangko KTP di kantor kecamatan kosong.", "Jalan desa rusak."])
    assert [list(row) for row in rows] == [list(OUTPUT_COLUMNS)] * 2
    assert all(isinstance(row["keyakinan"], float) and row["unit"] for row in rows)
    assert score(["Jalan desa rusak."])[0]["unit"] == rows[1]["unit"]


def test_help_loads_nothing_heavy():
    code = (
        "import sys; from pipeline.cli import main; "
        "main(['review', 'user', 'add', '--help']); main(['review', '--help']); "
        "print(sorted({'sqlalchemy', 'fastapi', 'uvicorn', 'pandas', 'argon2', 'pydantic'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    assert done.stdout.splitlines()[-1] == "[]"


def test_subcommands_are_in_the_reference():
    assert isinstance(review.command, click.Group)
    page = (Path(__file__).resolve().parents[2] / "docs" / "perintah.md").read_text(encoding="utf-8")
    for name in ("import", "export", "forget", "user add", "user change", "user password", "token revoke", "unit list"):
        assert f"## disposisi review {name}\n" in page
