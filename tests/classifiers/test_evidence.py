from __future__ import annotations

import csv
import time
from functools import cache

import numpy as np
import pytest

from pipeline.catalogue.urgency import reasons
from pipeline.classifiers import context
from pipeline.classifiers.evidence import CODES, HELPERS, STATUSES, Evidence, EvidenceFinder, EvidenceRows
from pipeline.classifiers.evidence_features import FEATURE_NAMES, feature_rows
from pipeline.settings import data_dir
from pipeline.text import repair
from pipeline.text.analyzer import Analyzer
from pipeline.text.lexicons import read_table


@cache
def parts() -> tuple[Analyzer, EvidenceFinder]:
    analyzer = Analyzer(ngrams=1)
    return analyzer, EvidenceFinder(analyzer.table)


def find(text: str) -> list[Evidence]:
    analyzer, finder = parts()
    return finder.find(analyzer.tokenize([text])).of(0)


def pairs(text: str) -> set[tuple[str, str]]:
    return {(e.reason, e.status) for e in find(text)}


def features(text: str, evidence: list[Evidence] | None = None) -> np.ndarray:
    """The features of *text*, with its own evidence or the one given."""
    analyzer, finder = parts()
    rows = analyzer.tokenize([text])
    found = finder.find(rows)
    if evidence is not None:
        columns = ("row", "start", "end", "reason", "status", "grave", "stated")
        values = [
            (0, e.start, e.end, CODES.index(e.reason), STATUSES.index(e.status), e.grave, e.stated) for e in evidence
        ]
        arrays = dict(zip(columns, np.array(values, dtype=np.int64).reshape(-1, len(columns)).T, strict=True))
        found = EvidenceRows(**arrays | {name: arrays[name].astype(bool) for name in ("grave", "stated")})
    return feature_rows(found, rows)[0]


SENTENCES = [
    # The same event: feared, happened, about to happen, denied, long ago.
    ("pohon depan rumah takut roboh", "bahaya_fasilitas", "mungkin"),
    ("pohon depan rumah sudah roboh ke jalan", "bahaya_fasilitas", "terjadi"),
    ("pohon depan rumah hampir roboh", "bahaya_fasilitas", "terjadi"),
    ("untung pohonnya tidak roboh", "bahaya_fasilitas", "negasi"),
    ("tembok sekolah itu pernah roboh", "bahaya_fasilitas", "lewat"),
    ("mohon dipangkas agar pada saat angin kencang tidak roboh", "bahaya_fasilitas", "mungkin"),
    ("ranting rawan patah kena angin", "bahaya_fasilitas", "mungkin"),
    ("tiang telepon miring dan mau ambruk", "bahaya_fasilitas", "terjadi"),
    ("dikhawatirkan saat hujan deras tumbang ke jalan", "bahaya_fasilitas", "mungkin"),
    ("sewaktu-waktu bisa tumbang", "bahaya_fasilitas", "mungkin"),
    # Victims.
    ("jangan sampai ada korban dulu", "nyawa", "mungkin"),
    ("apa harus menunggu ada korban", "nyawa", "mungkin"),
    ("tidak ada korban jiwa", "nyawa", "negasi"),
    ("kemarin ada korban jiwa", "nyawa", "terjadi"),
    ("korban jiwa tidak ada", "nyawa", "negasi"),
    ("tolong ditutup sebelum ada korban", "nyawa", "mungkin"),
    ("sudah 3 orang jatuh di lubang itu", "nyawa", "terjadi"),
    ("semoga tidak terjadi kecelakaan", "nyawa", "mungkin"),
    ("tikungan ini rawan kecelakaan", "nyawa", "mungkin"),
    ("sering terjadi kecelakaan di tikungan ini", "nyawa", "terjadi"),
    # Danger, stated or possible.
    ("lubang ini bisa membahayakan", "bahaya_fasilitas", "mungkin"),
    ("lubang ini membahayakan pengguna jalan", "bahaya_fasilitas", "terjadi"),
    ("lubangnya tidak membahayakan", "bahaya_fasilitas", "negasi"),
    ("apa tidak membahayakan pengendara pak", "bahaya_fasilitas", "terjadi"),
    ("belum ditangani padahal membahayakan warga", "bahaya_fasilitas", "terjadi"),
    ("bukan hanya berlubang, sangat berbahaya juga", "bahaya_fasilitas", "terjadi"),
    ("lampu lalu lintas di perempatan mati", "bahaya_fasilitas", "terjadi"),
    ("pohon tinggi dan rimbun sehingga membahayakan warga", "bahaya_fasilitas", "terjadi"),
    ("pohonnya membahayakan rumah kami ketika angin kencang", "bahaya_fasilitas", "mungkin"),
    ("kalau ada hujan angin sangat membahayakan", "bahaya_fasilitas", "mungkin"),
    ("pohon sudah tinggi dan sangat berbahaya jika ada angin", "bahaya_fasilitas", "mungkin"),
    ("rantingnya mengenai kabel listrik", "bahaya_fasilitas", "mungkin"),
    ("kami khawatir pohon tsb. roboh ke rumah", "bahaya_fasilitas", "mungkin"),
    ("tutup got tidak ada", "bahaya_fasilitas", "terjadi"),
    ("lampu merah mati", "bahaya_fasilitas", "terjadi"),
    # Fire, flood, ground.
    ("kebakaran di gang 4, api membesar", "bencana", "terjadi"),
    ("air sudah masuk rumah setinggi lutut", "bencana", "terjadi"),
    ("kalau hujan deras kampung kami banjir", "bencana", "mungkin"),
    ("setiap musim hujan selalu banjir", "bencana", "mungkin"),
    ("alhamdulillah banjirnya sudah surut", "bencana", "lewat"),
    ("tahun ini tidak banjir lagi", "bencana", "negasi"),
    ("omah kulo kebanjiran pak", "bencana", "terjadi"),
    ("saya mau melaporkan kebakaran di gang 4", "bencana", "terjadi"),
    ("mau lapor kalau ada kebakaran di gang 4", "bencana", "terjadi"),
    ("setiap hujan selalu banjir. kemarin gang kami banjir", "bencana", "mungkin"),
    ("kebakaran di gang 4 sudah dipadamkan", "bencana", "lewat"),
    # Life and body.
    ("sarang tawon di atap rumah menyengat anak-anak", "nyawa", "terjadi"),
    ("ada ular masuk rumah warga", "nyawa", "terjadi"),
    ("kabel putus, tetangga kesetrum", "nyawa", "terjadi"),
    ("nenek saya hilang sejak kemarin belum pulang", "nyawa", "terjadi"),
    ("ayah saya meninggal tahun 2015, mau urus ahli waris", "nyawa", "lewat"),
    # Health.
    ("anak saya kena dbd dan harus opname", "kesehatan", "terjadi"),
    ("ibu saya sakit stroke", "kesehatan", "terjadi"),
    ("genangan itu jadi sarang nyamuk", "kesehatan", "mungkin"),
    ("pasien gagal ginjal ditolak rumah sakit", "kesehatan", "terjadi"),
    # Violence.
    ("suami saya dipukuli preman", "kekerasan", "terjadi"),
    ("saya diancam tetangga pakai parang", "kekerasan", "terjadi"),
    ("gang itu rawan begal", "kekerasan", "mungkin"),
    ("tidak ada kekerasan di sini", "kekerasan", "negasi"),
    ("kelompok pemuda tawuran di dini hari", "kekerasan", "terjadi"),
    ("kalau tidak diberi uang dia mengancam", "kekerasan", "terjadi"),
    ("parkir begini sama saja malak", "kekerasan", "mungkin"),
    ("guru diancam akan diphk", "kekerasan", "mungkin"),
    # Vulnerable people.
    ("ada lansia sebatang kara tidak punya makan", "kelompok_rentan", "terjadi"),
    ("bapak saya lumpuh butuh kursi roda", "kelompok_rentan", "terjadi"),
    ("istri saya hamil 8 bulan", "kelompok_rentan", "terjadi"),
    # To name such a person is not yet to say that help is missing.
    ("ibu saya sudah lansia", "kelompok_rentan", "mungkin"),
    ("ada lansia terlantar di pos", "kelompok_rentan", "terjadi"),
    ("anak saya yatim piatu", "kelompok_rentan", "terjadi"),
    # Services cut.
    ("air pdam mati sudah 3 hari", "layanan_putus", "terjadi"),
    ("listrik padam sejak pagi", "layanan_putus", "terjadi"),
    ("anak saya tidak bisa ikut ujian", "layanan_putus", "terjadi"),
    ("bpjs saya sudah tidak aktif", "layanan_putus", "terjadi"),
    ("air mati dari semalam di kampung kami", "layanan_putus", "terjadi"),
    ("aliran air pdam sangat kecil", "layanan_putus", "terjadi"),
    ("air di rumah saya tiap pagi mati", "layanan_putus", "terjadi"),
    ("anak kami tidak diperbolehkan ikut uts", "layanan_putus", "terjadi"),
    ("kalau air mati lapor ke mana", "layanan_putus", "mungkin"),
    # Deadlines.
    ("besok ibu saya operasi", "tenggat", "terjadi"),
    ("pendaftaran ditutup besok", "tenggat", "terjadi"),
    ("hari ini hari terakhir daftar ulang", "tenggat", "terjadi"),
    # Abuse.
    ("oknum kelurahan minta uang pelicin", "pungli_korupsi", "terjadi"),
    ("dana desa dikorupsi kepala desa", "pungli_korupsi", "terjadi"),
    ("jukir liar minta 5 ribu", "pungli_korupsi", "mungkin"),
    ("jukir melakukan pungli di depan toko", "pungli_korupsi", "mungkin"),
    ("pak rt minta uang untuk surat pindah", "pungli_korupsi", "terjadi"),
    ("pengemis minta uang di perempatan", "pungli_korupsi", "mungkin"),
    # Many people, and the helpers.
    ("seluruh warga kampung terganggu", "banyak_terdampak", "terjadi"),
    ("sangat meresahkan warga", "banyak_terdampak", "mungkin"),
    ("mau tanya syarat pindah kk apa saja", "tanya", "terjadi"),
    ("saya usul dipasang cermin tikungan", "saran", "terjadi"),
    ("lampu pju mati belum diperbaiki", "keluhan", "terjadi"),
    ("saya mau lapor lampu pju mati", "keluhan", "terjadi"),
    ("ktp saya sampai sekarang belum jadi", "keluhan", "terjadi"),
]


@pytest.mark.parametrize(("text", "reason", "status"), SENTENCES)
def test_reason_and_status(text: str, reason: str, status: str) -> None:
    assert (reason, status) in pairs(text)
    assert {s for r, s in pairs(text) if r == reason} == {status}


NO_EVIDENCE = [
    ("kartu keluarga anak saya belum jadi", "kelompok_rentan"),
    ("kantor pemadam kebakaran di mana", "bencana"),
    ("saya tinggal di gang 5", "nyawa"),
    ("saya tutup pukul 21.00", "kekerasan"),
    ("suara musik keras sekali", "kekerasan"),
    ("lampu pju mati satu gang", "layanan_putus"),
    ("got mampet, air got tidak mengalir", "layanan_putus"),
    ("jatuh tempo pajak kapan", "nyawa"),
    ("kelurahan bulak melayani dengan baik", "banyak_terdampak"),
    ("mohon bantuan pemotongan pohon", "pungli_korupsi"),
    ("tetangga membakar sampah", "bencana"),
    ("mohon segera secepatnya urgent tolong!!!", "tenggat"),
    ("ada tanda koma di nama saya", "nyawa"),
    ("keluarga miskin belum terdata", "kelompok_rentan"),
    ("air pdam keruh sekali, tidak layak dipakai", "layanan_putus"),
    ("akibat ganggu listrik, pohon dipangkas", "layanan_putus"),
    ("petugas sampah sedang sakit", "kesehatan"),
    ("kepala puskesmas minta surat rumah", "kesehatan"),
    ("emang mau ganti uang bensin saya", "pungli_korupsi"),
    ("minta keringanan biaya sekolah", "pungli_korupsi"),
    ("masjid di sebelah langgar lama", "keluhan"),
    ("terima kasih atas perhatiannya", "saran"),
    ("menunggu lebih kurang 1 jam", "tenggat"),
    ("hp ibu saya jatuh", "nyawa"),
    ("ranting sering jatuh ke genteng", "nyawa"),
    ("keluarga kami tertimpa musibah", "nyawa"),
    ("terdengar orang memukul seng", "kekerasan"),
]


@pytest.mark.parametrize(("text", "reason"), NO_EVIDENCE)
def test_look_alikes_are_no_evidence(text: str, reason: str) -> None:
    assert reason not in {r for r, _ in pairs(text)}


def test_grave_only_where_the_highest_level_is_named() -> None:
    def grave(text: str) -> bool:
        return any(e.grave and e.status == "terjadi" for e in find(text))

    assert grave("rumah kami kebanjiran")
    assert grave("kabel listrik putus menjuntai ke jalan")
    assert not grave("jalan berlubang membahayakan pengendara")
    assert not grave("takut rumah kebanjiran")
    assert grave("tiang telkom mau roboh")


def test_stated_danger_is_marked() -> None:
    def stated(text: str) -> set[str]:
        return {e.status for e in find(text) if e.stated}

    assert stated("jalan berlubang membahayakan pengendara") == {"terjadi"}
    assert stated("galian proyek mengancam keselamatan warga") == {"terjadi"}
    assert "terjadi" not in stated("lubang ini bisa membahayakan")
    assert "terjadi" not in stated("membahayakan bila sewaktu-waktu roboh")
    assert stated("pohon tumbang") == set()


def test_the_longest_phrase_of_a_reason_wins() -> None:
    clean = "jalan ini rawan kecelakaan"
    evidence = find(clean)
    assert [clean[e.start : e.end] for e in evidence if e.reason == "nyawa"] == ["rawan kecelakaan"]


def test_offsets_belong_to_the_repaired_text() -> None:
    text = "Halo\\nada  korban\u200b jiwa &amp; luka"
    clean, evidence = repair(text), find(text)
    shown = [clean[e.start : e.end] for e in evidence]
    assert any("korban" in phrase for phrase in shown)
    assert all(phrase == phrase.strip() and "\n" not in phrase for phrase in shown)


def test_no_phrase_crosses_a_sentence() -> None:
    assert ("nyawa", "terjadi") not in pairs("Saya anak kos. Jatuh tempo sewa belum dibayar.")
    assert ("bahaya_fasilitas", "terjadi") in pairs("Saya takut. Pohon sudah tumbang.")


def test_masked_personal_data_is_never_inside_a_phrase() -> None:
    analyzer, finder = parts()
    rows = analyzer.tokenize(["anak saya NIK 3578011234560001 jatuh, nomor 081234567890 korban luka"])
    masked = [t for t in rows.tokens(0) if t.masked]
    assert masked
    for e in finder.find(rows).of(0):
        assert not any(e.start < t.end and t.start < e.end for t in masked)


def test_tone_does_not_count() -> None:
    calm, loud = "jalan rusak dan berlubang di gang 3", "JALAN RUSAK DAN BERLUBANG DI GANG 3"
    assert pairs(calm) == pairs(loud)
    assert pairs(calm) == pairs(calm + "!!! mohon segera secepatnya urgent")
    np.testing.assert_array_equal(features(calm), features(loud))


def test_features() -> None:
    row = features("ada korban jiwa dan rumah kebanjiran, takut roboh. Kapan ditangani?")
    assert row.shape == (len(FEATURE_NAMES),)
    assert row.dtype == np.float32
    assert len(set(FEATURE_NAMES)) == len(FEATURE_NAMES)
    named = dict(zip(FEATURE_NAMES, row, strict=True))
    assert named["nyawa:terjadi"] > 0
    assert named["bahaya_fasilitas:mungkin"] > 0
    assert named["gawat:terjadi"] == 1
    assert named["nyata:terjadi"] == 0
    assert named["macam:terjadi"] == 0.5
    assert named["tanda_tanya"] == 0.5
    assert features("").sum() == 0
    once = features("x", [Evidence("nyawa", 0, 1, "terjadi")])
    stated = features("x", [Evidence("nyawa", 0, 1, "terjadi", stated=True)])
    column = FEATURE_NAMES.index("nyawa:terjadi")
    assert once[column] < stated[column] == 1
    assert stated[FEATURE_NAMES.index("nyata:terjadi")] == 1
    many = features("x " * 5000, [Evidence("nyawa", 0, 1, "terjadi")] * 1000)
    assert many.max() <= 1.001


def test_texts_of_a_batch_do_not_see_each_other() -> None:
    analyzer, finder = parts()
    texts = [sentence for sentence, _, _ in SENTENCES]
    alone = [find(text) for text in texts]
    rows = analyzer.tokenize(texts)
    together = finder.find(rows)
    assert [together.of(row) for row in range(len(texts))] == alone
    apart = np.stack([features(text) for text in texts])
    rows = analyzer.tokenize(texts)
    np.testing.assert_array_equal(feature_rows(finder.find(rows), rows), apart)


UNITS = ["tidak ", "anak jatuh ", "pemadam kebakaran ", "air pdam mati ", "a", "takut, ", "\n"]


@pytest.mark.parametrize("unit", UNITS)
def test_long_text_stays_linear(unit: str) -> None:
    analyzer, finder = parts()
    rows = analyzer.tokenize([unit * (100_000 // len(unit))])
    began = time.perf_counter()
    finder.find(rows)
    assert time.perf_counter() - began < 10  # seconds; a fault would take minutes


def test_deterministic() -> None:
    text = " ".join(sentence for sentence, _, _ in SENTENCES)
    fresh = Analyzer(ngrams=1)
    assert EvidenceFinder(fresh.table).find(fresh.tokenize([text])).of(0) == find(text)
    assert find("") == []


def test_table_is_sound() -> None:
    rows = read_table(data_dir() / "lexicons" / "bukti.tsv")
    assert len(rows) >= 350
    keys = [(row["alasan"], row["pola"]) for row in rows]
    assert len(set(keys)) == len(keys)
    for row in rows:
        assert row["alasan"] in {*reasons(), *HELPERS}
        assert row["sifat"] in {*STATUSES[:3], "abai"}
        assert row["pola"].strip()
        assert row["pola"].split()[0] != ".."
        assert row["pola"].split()[-1] != ".."
    assert {row["alasan"] for row in rows} == {*reasons(), *HELPERS}


CUES = [
    (context.FEARS, "takut khawatir dikhawatirkan ditakutkan cemas berisiko berpotensi rawan mencegah"),
    (context.FEARS, "menghindari mengantisipasi menunggu nunggu seandainya"),
    (context.PURPOSE, "agar supaya biar semoga berharap"),
    (context.IF, "kalau kalo jika apabila bila"),
    (context.NEGATORS, "tidak nggak gak tdk belum blm bukan tanpa jangan"),
    (context._NOW, "sudah sdh telah sekarang"),
    (context.ONCE, "dulu dahulu pernah"),
    (context.MODALS, "bisa dapat akan mungkin"),
    (context._SOLVED, "aman surut diperbaiki selesai sembuh ditebang"),
    (context.EVERY, "setiap tiap selalu sering langganan"),
]


@pytest.mark.parametrize(("stems", "words"), CUES)
def test_cue_words_still_have_the_stems_that_the_context_knows(stems: frozenset[str], words: str) -> None:
    for word in words.split():
        assert parts()[0](word)[0] in stems, word


def test_reading_the_context_of_every_phrase_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The filter that spares most phrases the reading must not spare one that needs it."""
    analyzer, finder = parts()
    with (data_dir() / "starter" / "daerah.csv").open(encoding="utf-8", newline="") as file:
        letters = [row["isi"] for row in csv.DictReader(file)]
    rows = analyzer.tokenize([*(sentence for sentence, _, _ in SENTENCES), *letters])
    spared = finder.find(rows)
    monkeypatch.setattr(finder, "_filter", lambda _, first, *__, **___: np.ones(len(first), dtype=bool))
    read = finder.find(rows)
    assert [read.of(row) for row in range(len(rows))] == [spared.of(row) for row in range(len(rows))]
