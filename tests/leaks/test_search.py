"""The search for identities can fail: it finds what is planted, wherever."""

from __future__ import annotations

import gzip
import io
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.leaks.identities import EVERYONE, IDENTITIES, Identity
from tests.leaks.office import corpus
from tests.leaks.search import find_leaks, leaks_in


def _sqlite(path: Path, text: str) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE tags (value TEXT)")
        database.execute("INSERT INTO tags VALUES (?)", [f"{'x' * 3000}{text}{'x' * 9000}"])
        database.commit()


def _in_zip(path: Path, text: str) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", text)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("b.zip", inner.getvalue())


def _journal(path: Path, text: str) -> None:
    from pipeline.scoring.jobs import pack
    from pipeline.scoring.journal import Identity as Model
    from pipeline.scoring.journal import Journal

    with Journal(str(path), Model("a/1", "", ""), resume=False, say=print) as journal:
        journal.add(b"0123456789abcdef", pack(pd.DataFrame({"alasan": ["aman", f"{text} " * 9]})))
        raise KeyboardInterrupt


PLANTED: dict[str, Callable[[Path, str], object]] = {
    "txt": lambda path, text: path.write_text(f"halo {text.upper()}"),
    "utf16": lambda path, text: path.write_text(text, encoding="utf-16"),
    "gz": lambda path, text: path.write_bytes(gzip.compress(text.encode())),
    "npz": lambda path, text: np.savez_compressed(path, words=np.array(["aman", text])),
    "xlsx": lambda path, text: pd.DataFrame({"a": [text]}).to_excel(path),
    "parquet": lambda path, text: pd.DataFrame({"a": [text] * 9}).to_parquet(path, compression="zstd"),
    "db": _sqlite,
    "zip": _in_zip,
    "lanjutan": _journal,
}


@pytest.mark.parametrize("identity", [IDENTITIES[0], IDENTITIES[10], IDENTITIES[13], IDENTITIES[22]], ids=str)
@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_identity_is_found(tmp_path: Path, kind: str, identity: Identity):
    path = tmp_path / f"a.{kind}"
    try:
        PLANTED[kind](path, identity.written)
    except KeyboardInterrupt:
        assert kind == "lanjutan"
    assert {leak.rpartition(": ")[2] for leak in find_leaks(tmp_path, EVERYONE)} == {str(identity)}


@pytest.mark.parametrize(
    "written", ["9935017213900417", "9935-0172 1390.0417", "9935/0172/1390/0417", "NIK9935017213900417"]
)
def test_a_number_is_found_however_it_is_grouped(written: str):
    assert leaks_in(written.encode(), EVERYONE) == [IDENTITIES[0]]


def test_an_identity_in_a_file_name_is_found(tmp_path: Path):
    (tmp_path / "aduan_Wirasengkuni.csv").touch()
    assert len(find_leaks(tmp_path, EVERYONE)) == 1


def test_the_corpus_holds_none_of_the_identities():
    text = "\n".join(row["isi"] for row in corpus()).encode()
    assert leaks_in(text, EVERYONE) == []
    assert all(leaks_in(identity.text.encode(), [identity]) == [identity] for identity in EVERYONE if identity.sentence)
    assert len({word for identity in EVERYONE for word in identity.words}) >= len(EVERYONE)
