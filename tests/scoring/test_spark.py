"""Scoring on Spark gives the local engine's rows, and a part that fails loses itself only.

Needs the extra ``spark`` and Java: .ci/run installs both.
"""

from __future__ import annotations

import csv
import datetime as dt
import decimal
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.errors import (
    ArtefactError,
    DisposisiError,
    InputError,
    MissingColumnError,
    ModelNotFoundError,
    OptionError,
)
from pipeline.intake import Batch, open_sources
from pipeline.routing import OUTPUT_COLUMNS
from pipeline.scoring.batch import OneProcess, score_source
from pipeline.scoring.finish import Finisher, RunOptions
from pipeline.scoring.router import Router
from pipeline.scoring.spark import files, score, score_files, stages
from pipeline.scoring.spark.frames import add_scores, share_model
from pipeline.scoring.spark.inputs import look_into
from pipeline.scoring.spark.session import DAEMON
from pipeline.scoring.spark.worker import SharedModel
from pipeline.settings import ColumnNames
from pipeline.tracking.registry import find

pyspark = pytest.importorskip("pyspark", reason="PySpark is not installed: pip install 'disposisi[spark]'")
if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
    pytest.skip("Spark needs Java 17 (Debian: openjdk-17-jre-headless)", allow_module_level=True)

# PySpark leaves the sockets that it collects rows through to the garbage collector.
pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"),
]

TEXTS = [
    "Sudah 3 bulan KTP el saya belum jadi, blangko katanya habis. NIK 99" + "12345678901234",
    "Kades kami memotong BLT warga 100 ribu per orang, kalau protes diancam dicoret",
    "",
    None,
    "lampu jalan mati di depan pasar\nsudah seminggu gelap",
    'kapan pendaftaran "IPDN" dibuka min?',
    "TOLONG!!! rumah kami kebakaran, api sudah sampai dapur, pemadam belum datang",
    "jalan berlubang; sudah, banyak korban",
]
BOMB = "BARIS-INI-MEMBUAT-GAGAL"


@pytest.fixture(scope="module")
def spark():
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    options = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.python.daemon.module": DAEMON,
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        # Java would spend more on making its code fast than these few rows ever give back.
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    }
    builder = SparkSession.builder.master("local[2]").appName("test")
    for key, value in options.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def artefact(starter_store: Path) -> Path:
    return find(starter_store, "starter")[1]


class _Fragile(SharedModel):
    """A model whose scoring raises, or ends the worker, at a text that holds the bomb."""

    deadly = False

    def router(self) -> Any:
        router, deadly = super().router(), self.deadly

        class Fragile:
            def score_batch(self, batch: Batch, options: RunOptions) -> pd.DataFrame:
                if any(BOMB in text for text in batch.texts()):
                    if deadly:
                        os._exit(7)
                    raise ZeroDivisionError(BOMB)
                return router.score_batch(batch, options)

        return Fragile()


class _Deadly(_Fragile):
    deadly = True


def shared_as(kind: type[SharedModel]):
    """Return a stand-in for share_model that sends a model of *kind*, a class that the workers cannot import."""
    import cloudpickle

    def share(spark: Any, folder: Path) -> SharedModel:
        model = share_model(spark, folder)
        return kind(model.digest, model.files)

    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    return share


APART = RunOptions(groups=False)
"""Spark does not compare rows with each other."""


def by_row(frame: pd.DataFrame, key: str = "id") -> pd.DataFrame:
    return frame.sort_values(key).reset_index(drop=True)


def rejects_of(output: Path) -> list[dict[str, str]]:
    with output.with_suffix(".ditolak.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def local_rows(inputs: list[str], output: Path, router: Router, **names: str) -> pd.DataFrame:
    """Score by the local engine."""
    need = {"text", *names}
    source = open_sources(inputs, ColumnNames(**names), need=need)
    score_source(source, str(output), OneProcess(router), finisher=Finisher(APART, router.curve))
    return pd.read_parquet(output)


def table(texts: list[str | None] = TEXTS, start: int = 0) -> pa.Table:
    return pa.table({"id": pa.array(range(start, start + len(texts)), pa.int32()), "isi": pa.array(texts, pa.string())})


# --- a DataFrame ---------------------------------------------------------------------------------------------------


def test_a_dataframe_gets_the_routers_columns_and_values(spark, starter_store: Path, starter_router: Router):
    texts = TEXTS * 5
    df = spark.createDataFrame(table(texts)).repartition(3)
    scored = score(df, "starter", store=starter_store)
    assert scored.columns == ["id", "isi", *OUTPUT_COLUMNS]
    arrow = scored.toArrow().sort_by("id")
    got = arrow.to_pandas()
    expected = starter_router.score(texts, options=APART)
    pd.testing.assert_frame_equal(got[list(OUTPUT_COLUMNS)].astype(expected.dtypes), expected, check_exact=True)
    assert arrow["isi"].to_pylist() == texts
    kinds = {f.name: f.dataType.simpleString() for f in scored.schema.fields}
    assert {kinds[c] for c in OUTPUT_COLUMNS if c.startswith("keyakinan")} == {"double"}
    assert {kinds[c] for c in OUTPUT_COLUMNS if not c.startswith("keyakinan")} == {"string"}


def test_own_columns_keep_type_and_value(spark, artefact: Path):
    rows = spark.sql(
        "select int(null) n, 'a' isi, timestamp'2024-01-02 03:04:05.123456' t, timestamp_ntz'2024-01-01 00:00:00' l,"
        " date'2024-01-02' d, array(1, null) a, named_struct('k', 1L, 'v', map('x', 2)) s, 1.50bd p,"
        " binary('b') b, tinyint(1) k, true as `kol. ``aneh``` union all "
        "select 5, null, null, null, null, null, null, null, null, null, null"
    )
    scored = score(rows, artefact)
    assert scored.schema.fields[: len(rows.columns)] == rows.schema.fields
    assert scored.drop(*OUTPUT_COLUMNS).collect() == rows.collect()
    first = scored.collect()[0]
    assert first.n is None
    assert first.p == decimal.Decimal("1.50")
    assert first.t == dt.datetime(2024, 1, 2, 3, 4, 5, 123456)


def test_columns_named_like_results_and_scored_frames(spark, artefact: Path):
    df = spark.createDataFrame([("a", "lampu jalan mati")], "unit string, teks string")
    once = score(df, artefact)
    assert once.columns == ["unit_asal", "teks", *OUTPUT_COLUMNS]
    twice = score(once, artefact)
    assert twice.columns == once.columns
    assert twice.collect() == once.collect()


def test_an_empty_frame_and_empty_partitions(spark, artefact: Path):
    df = spark.createDataFrame([], "isi string")
    assert score(df, artefact).columns == ["isi", *OUTPUT_COLUMNS]
    assert score(df, artefact).count() == 0
    one = spark.createDataFrame([("lampu mati",)], "isi string").repartition(4)
    assert score(one, artefact).count() == 1


def test_a_text_column_that_holds_no_text_counts_as_empty(spark, artefact: Path):
    row = score(spark.createDataFrame([(5,)], "isi int"), artefact, text="isi").first()
    assert (row.isi, row.tindakan) == (5, "lengkapi")


def test_what_cannot_be_scored_is_refused(spark, artefact: Path, starter_store: Path, tmp_path: Path):
    df = spark.createDataFrame([("x", "y")], "warna string, isi string")
    with pytest.raises(MissingColumnError, match="warna"):
        score(df.select("warna"), artefact)
    with pytest.raises(MissingColumnError, match="isian"):
        score(df, artefact, text="isian")
    with pytest.raises(InputError, match="list"):
        score([1], artefact)  # type: ignore[arg-type]
    with pytest.raises(ModelNotFoundError, match="tiada"):
        score(df, "tiada", store=starter_store)
    with pytest.raises(ArtefactError):
        score(df, tmp_path)
    with pytest.raises(OptionError, match="Unit"):
        score(df.withColumnRenamed("warna", "Unit"), artefact)
    with pytest.raises(OptionError, match="two columns named 'isi'"):
        score(df.select("isi", "isi"), artefact)
    with pytest.raises(OptionError, match="warna"):
        score(df, artefact, problem="warna")


def test_a_row_whose_scoring_raises_loses_itself_only(spark, artefact: Path, starter_router: Router):
    texts = [TEXTS[0], f"{BOMB} ini", TEXTS[1], TEXTS[4]]
    df = spark.createDataFrame(table(texts)).coalesce(1)
    model = shared_as(_Fragile)(spark, artefact)
    got = by_row(add_scores(df, model, "isi", {"id": "id", "isi": "isi"}, "masalah", None).toArrow().to_pandas())
    assert got["masalah"].fillna("").tolist() == ["", "ZeroDivisionError", "", ""]
    assert got.loc[1, list(OUTPUT_COLUMNS)].isna().all()
    good = got.drop(index=1).reset_index(drop=True)[list(OUTPUT_COLUMNS)]
    expected = starter_router.score([texts[0], texts[2], texts[3]], options=APART)
    pd.testing.assert_frame_equal(good.astype(expected.dtypes), expected, check_exact=True)


def test_the_model_is_loaded_once_a_worker(spark, artefact: Path):
    model = share_model(spark, artefact)

    def who(batches: Any):
        router = model.router()
        ids = [os.getpid(), id(router), int(model.router() is router)]
        for _ in batches:
            yield pa.RecordBatch.from_pylist([dict(zip(("pid", "router", "same"), ids, strict=True))])

    tasks = spark.range(12, numPartitions=12).mapInArrow(who, "pid long, router long, same long")
    seen = [tuple(row) for row in tasks.collect()]
    assert len(seen) == 12
    assert all(same for _, _, same in seen)
    assert len({pid for pid, _, _ in seen}) == len({(pid, router) for pid, router, _ in seen})
    assert len({pid for pid, _, _ in seen}) < 12


# --- files ---------------------------------------------------------------------------------------------------------


def test_parquet_in_parquet_out_like_the_local_engine(spark, artefact: Path, starter_router: Router, tmp_path: Path):
    folder = tmp_path / "masuk"
    folder.mkdir()
    when = pa.array([dt.datetime(2024, 1, 2, 3, 4, 5)] * len(TEXTS), pa.timestamp("ns"))
    for part in range(2):
        rows = (
            table(start=100 * part)
            .append_column("waktu", when)
            .append_column("angka", pa.array([1, None] * 4, pa.uint8()))
        )
        pq.write_table(rows, folder / f"part-{part}.parquet", row_group_size=5)
    (folder / "_SUCCESS").touch()
    out = tmp_path / "hasil.parquet"
    summary = score_files([str(folder)], str(out), artefact)
    got = by_row(pd.read_parquet(out))
    expected = local_rows(
        [str(p) for p in sorted(folder.glob("*.parquet"))], tmp_path / "lokal.parquet", starter_router
    )
    assert list(got.columns) == ["id", "isi", "waktu", "angka", *OUTPUT_COLUMNS]
    assert pq.read_schema(next(out.glob("*.parquet"))).field("id").type == pa.int32()
    pd.testing.assert_frame_equal(got, by_row(expected).astype(got.dtypes), check_exact=True)
    assert (summary.rows, summary.rejected, summary.actions.total(), summary.levels.total()) == (16, 0, 16, 16)
    assert summary.units.total() == int(got.tindakan.isin(["teruskan", "tinjau"]).sum())
    assert 1 <= len(summary.examples) <= 3
    assert summary.examples[0].row["urgensi"] == "darurat"
    assert not out.with_suffix(".ditolak.csv").exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["hasil.parquet", "lokal.parquet", "masuk"]


def test_csv_and_jsonl_follow_the_local_engines_rules(spark, artefact: Path, starter_router: Router, tmp_path: Path):
    lines = ["id;isi;catatan", f'1;"{TEXTS[4]}";', '2;"kata ""kutip"" di sini";x', "3;a;b;terlalu banyak", "4;pendek"]
    (tmp_path / "a.csv").write_text("\r\n".join(lines), encoding="cp1252")
    (tmp_path / "b.jsonl").write_text(
        '{"id": "5", "teks": "jalan rusak", "n": 1, "k": {"x": [1]}}\nbukan json\n{"id": "6", "n": 2.5, "teks": 7}\n'
    )
    inputs = [str(tmp_path / "a.csv"), str(tmp_path / "b.jsonl")]
    out = tmp_path / "hasil.parquet"
    summary = score_files(inputs, str(out), artefact, id="id")
    got = by_row(pd.read_parquet(out))
    expected = by_row(local_rows(inputs, tmp_path / "lokal.parquet", starter_router, id="id"))
    assert list(got.columns) == ["id", "isi", "catatan", "teks", "n", "k", *OUTPUT_COLUMNS]
    assert got["id"].tolist() == ["1", "2", "4", "5", "6"]
    assert got["n"].tolist()[3:] == [1.0, 2.5]
    assert got["isi"].tolist()[:3] == [TEXTS[4], 'kata "kutip" di sini', "pendek"]
    pd.testing.assert_frame_equal(got, expected.astype(got.dtypes), check_exact=True)
    assert summary.rejected == 2
    assert rejects_of(out) == rejects_of(tmp_path / "lokal.parquet")


def test_damaged_files_and_row_groups_lose_themselves_only(spark, artefact: Path, tmp_path: Path):
    folder = tmp_path / "masuk"
    folder.mkdir()
    long = [f"{text or 'lampu mati'} nomor {i}" for i in range(40) for text in TEXTS]
    pq.write_table(table(long), folder / "a.parquet")
    pq.write_table(
        table(long, 1000), folder / "b.parquet", row_group_size=160, compression="zstd", use_dictionary=False
    )
    (folder / "c.parquet").write_bytes(b"PAR1 terpotong")
    (folder / "d.csv").write_bytes(b"")
    content = bytearray((folder / "b.parquet").read_bytes())
    with pq.ParquetFile(folder / "b.parquet") as parquet:
        column = parquet.metadata.row_group(1).column(1)
        at = column.data_page_offset
    content[at : at + column.total_compressed_size] = b"\x00" * column.total_compressed_size
    (folder / "b.parquet").write_bytes(content)
    out = tmp_path / "hasil.parquet"
    summary = score_files([str(folder)], str(out), artefact)
    assert sorted(pd.read_parquet(out)["id"]) == [*range(320), *range(1000, 1160)]
    rejects = {(Path(r["berkas"]).name, int(r["baris"])): r["alasan"] for r in rejects_of(out)}
    assert set(rejects) == {("b.parquet", 161), ("c.parquet", 1), ("d.csv", 1)}
    assert "tidak terbaca" in rejects["b.parquet", 161]
    assert (summary.rows, summary.rejected) == (480, 3)


def test_a_failing_row_of_a_file_stays_without_results(spark, artefact: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(files, "share_model", shared_as(_Fragile))
    pq.write_table(table([*TEXTS[:2], f"rahasia {BOMB}", TEXTS[4]]), tmp_path / "a.parquet")
    out = tmp_path / "hasil.parquet"
    summary = score_files([str(tmp_path / "a.parquet")], str(out), artefact)
    got = by_row(pd.read_parquet(out))
    assert got["unit"].isna().tolist() == [False, False, True, False]
    [reject] = rejects_of(out)
    assert (Path(reject["berkas"]).name, reject["baris"]) == ("a.parquet", "3")
    assert "ZeroDivisionError" in reject["alasan"]
    assert "rahasia" not in str(reject)
    assert (summary.rows, summary.rejected) == (3, 1)


def test_a_part_whose_worker_dies_loses_itself_only(spark, artefact: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(files, "share_model", shared_as(_Deadly))
    for part, text in enumerate(["lampu mati", BOMB]):
        pq.write_table(table([text, "sampah menumpuk"], 10 * part), tmp_path / f"{part}.parquet")
    out = tmp_path / "hasil" / "x.parquet"
    out.parent.mkdir()
    summary = score_files([str(p) for p in sorted(tmp_path.glob("*.parquet"))], str(out), artefact)
    assert sorted(pd.read_parquet(out)["id"]) == [0, 1]
    [reject] = rejects_of(out)
    assert Path(reject["berkas"]).name == "1.parquet"
    assert "pekerja Spark berhenti" in reject["alasan"]
    assert (summary.rows, summary.rejected) == (2, 1)


def test_nothing_is_left_when_every_part_fails(spark, artefact: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(files, "share_model", shared_as(_Deadly))
    monkeypatch.setattr(stages, "_GIVE_UP", 1)
    pq.write_table(table([BOMB]), tmp_path / "0.parquet")
    with pytest.raises(DisposisiError, match="Spark failed on each") as caught:
        score_files([str(p) for p in tmp_path.glob("*.parquet")], str(tmp_path / "hasil.parquet"), artefact)
    assert caught.value.exit_code == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == ["0.parquet"]


def test_files_without_rows_give_a_table_without_rows(spark, artefact: Path, tmp_path: Path):
    pq.write_table(table([]), tmp_path / "a.parquet")
    with pq.ParquetWriter(tmp_path / "b.parquet", table([]).schema):
        pass
    out = tmp_path / "hasil.parquet"
    summary = score_files([str(tmp_path / "a.parquet"), str(tmp_path / "b.parquet")], str(out), artefact)
    assert summary.rows == summary.rejected == 0
    assert list(pd.read_parquet(out).columns) == ["id", "isi", *OUTPUT_COLUMNS]


def test_an_older_result_is_replaced_and_a_foreign_folder_is_not(spark, artefact: Path, tmp_path: Path):
    pq.write_table(table(TEXTS[:1]), tmp_path / "a.parquet")
    source, out = [str(tmp_path / "a.parquet")], tmp_path / "hasil.parquet"
    out.write_text("berkas lama")
    score_files(source, str(out), artefact)
    pq.write_table(table(TEXTS[:2]), tmp_path / "a.parquet")
    assert score_files(source, str(out), artefact).rows == 2
    assert len(pd.read_parquet(out)) == 2
    foreign = tmp_path / "punya-saya.parquet"
    foreign.mkdir()
    (foreign / "catatan.txt").write_text("penting")
    with pytest.raises(OptionError, match="not one that Spark wrote"):
        score_files(source, str(foreign), artefact)
    assert (foreign / "catatan.txt").read_text() == "penting"
    with pytest.raises(OptionError, match="one of the inputs"):
        score_files([str(out)], str(out), artefact)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.parquet", "hasil.parquet", "punya-saya.parquet"]


def test_a_missing_column_stops_before_anything_is_written(spark, artefact: Path, tmp_path: Path):
    pq.write_table(pa.table({"warna": ["merah"]}), tmp_path / "a.parquet")
    with pytest.raises(MissingColumnError, match=r"a\.parquet.*warna"):
        score_files([str(tmp_path / "a.parquet")], str(tmp_path / "hasil.parquet"), artefact)
    pq.write_table(table(), tmp_path / "a.parquet")
    with pytest.raises(MissingColumnError, match="nomor"):
        score_files([str(tmp_path / "a.parquet")], str(tmp_path / "hasil.parquet"), artefact, id="nomor")
    (tmp_path / "a.parquet").write_bytes(b"PAR1 rusak")
    with pytest.raises(InputError, match="none of the 1 input files"):
        score_files([str(tmp_path / "a.parquet")], str(tmp_path / "hasil.parquet"), artefact)
    assert [p.name for p in tmp_path.iterdir()] == ["a.parquet"]


@pytest.mark.parametrize(
    ("source", "target", "message"),
    [
        ("-", "x.parquet", "standard input"),
        ("hdfs://a/b", "x.parquet", "hdfs://a/b"),
        ("tiada.parquet", "x.parquet", "no such file"),
        ("kosong", "x.parquet", "no file in this folder"),
        ("terbagi", "x.parquet", "tahun=2024"),
        ("a.xlsx", "x.parquet", "local engine"),
        ("a.csv", "x.xlsx", "parquet"),
        ("a.csv", "s3a://a/x.parquet", "driver and workers"),
        ("a.csv", "tiada/x.parquet", "Create it first"),
    ],
)
def test_wrong_names_are_refused_before_spark_starts(
    source: str, target: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kosong").mkdir()
    (tmp_path / "terbagi" / "tahun=2024").mkdir(parents=True)
    for name in ("a.xlsx", "a.csv", "terbagi/tahun=2024/a.csv"):
        (tmp_path / name).write_text("isi,id\nlampu mati,1\n")
    with pytest.raises((InputError, OptionError), match=message):
        score_files([source], target, tmp_path / "tiada-model")


def test_missing_pyspark_or_java_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    source = tmp_path / "a.csv"
    source.write_text("isi,id\nlampu mati,1\n")

    def run() -> None:
        score_files([str(source)], str(tmp_path / "x.parquet"), tmp_path / "tiada-model")

    monkeypatch.setattr(pyspark.SparkContext, "_active_spark_context", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.delenv("PYSPARK_GATEWAY_PORT", raising=False)
    with pytest.raises(OptionError, match=r"Java is not found.*openjdk-17-jre-headless"):
        run()
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(OptionError, match=r"pip install 'disposisi\[spark\]'"):
        run()
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]


def test_a_workbook_under_another_name_is_a_problem_of_that_file(tmp_path: Path):
    fixture = Path(__file__).parents[1] / "fixtures" / "sp4n_kecil.xlsx"
    shutil.copy(fixture, tmp_path / "a.csv")
    assert "Excel" in (look_into(str(tmp_path / "a.csv")).problem or "")


def test_an_sp4n_export_as_csv_is_read_by_its_layout(tmp_path: Path):
    (tmp_path / "a.csv").write_text("Laporan Ringkas\n\nNo,Tracking ID,Isi Laporan Awal,Isi Laporan Akhir\n1,T-1,a,b\n")
    found = look_into(str(tmp_path / "a.csv"))
    assert found.is_export
    assert found.schema.names[-2:] == ["Isi Laporan Awal", "Isi Laporan Akhir"]
