"""Evidence in the text: which words are marked, and that marking loses nothing and shows no personal data."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.review.marks import ACCUSED, DATA, UNIT, URGENCY, Quote, Segment, marked, unit_words, urgency_reasons

TEXT = "Nama saya Umbarsengkala, NIK 9935017213900417. Kepala desa minta 2 juta, KTP  hilang; ktp baru kosong."
NAME = (TEXT.index("Umbar"), TEXT.index(", NIK"), "nama")
NIK = (TEXT.index("9935"), TEXT.index(". Kepala"), "nik")
ROW = {
    "alasan": "tanyakan lokasi: nama jalan | KTP hilang; ktp; juta",
    "alasan_urgensi": 'tenggat: "tidak ada di sini"; pungli_korupsi: "minta 2 juta" (dikhawatirkan)',
    "dituduh": "Kepala desa",
}


def _shown(segments: list[Segment], kind: str) -> list[str]:
    return [segment.text for segment in segments if segment.kind == kind]


def test_each_kind_is_marked_where_it_stands() -> None:
    segments = marked(TEXT, [NAME, NIK], ROW)
    assert _shown(segments, DATA) == ["[NAMA]", "[NIK]"]
    assert _shown(segments, ACCUSED) == ["Kepala desa"]
    assert _shown(segments, URGENCY) == ["minta 2 juta"]  # the unit's "juta" in it is not marked again
    assert _shown(segments, UNIT) == ["KTP  hilang", "ktp"]  # whatever its case and its spaces


def test_masked_data_never_shows_and_revealed_data_does() -> None:
    hidden = "".join(segment.text for segment in marked(TEXT, [NAME, NIK], ROW))
    assert "Umbarsengkala" not in hidden
    assert "9935017213900417" not in hidden
    assert "".join(segment.text for segment in marked(TEXT, [NAME, NIK], ROW, masked=False)) == TEXT


def test_no_mark_lies_in_personal_data() -> None:
    row = {"alasan": "9935017213900417; Umbarsengkala; NIK"}
    assert _shown(marked(TEXT, [NAME, NIK], row), UNIT) == ["NIK"]


def test_words_are_marked_whole() -> None:
    segments = marked("desakan warga desa", [], {"alasan": "desa"})
    assert [(segment.text, segment.kind) for segment in segments] == [("desakan warga ", ""), ("desa", UNIT)]


def test_reasons_are_read_with_their_quotes_and_notes() -> None:
    told = 'nyawa: "kejang", "kata; nyaris: \\"mati" (sudah lewat); banyak_terdampak: 12 laporan serupa'
    nyawa, many = urgency_reasons(told)
    assert nyawa.code == "nyawa"
    assert nyawa.quotes[0] == Quote("kejang", "")
    assert nyawa.quotes[-1].note == "(sudah lewat)"
    assert (many.code, many.quotes, many.words) == ("banyak_terdampak", (), "12 laporan serupa")


def test_a_text_without_reasons_has_the_words_that_spoke() -> None:
    (bare,) = urgency_reasons("tidak_ada: belum, minggu")
    assert (bare.code, bare.words) == ("tidak_ada", "belum, minggu")
    assert [reason.code for reason in urgency_reasons("tidak_ada")] == ["tidak_ada"]
    assert urgency_reasons("") == []


def test_what_no_word_decided_is_no_word() -> None:
    assert unit_words("tidak ada kata yang menentukan") == []
    assert unit_words("tanyakan waktu | lampu; jalan") == ["lampu", "jalan"]


PIECE = st.text(alphabet="aB é\n\"'<>&;:.[]()|*+?\\İß", max_size=12)


@st.composite
def _cases(draw: st.DrawFn) -> tuple[str, list[tuple[int, int, str]], dict[str, Any]]:
    text, spans = "", []
    for _ in range(draw(st.integers(0, 4))):
        text += draw(PIECE)
        hidden = draw(st.text(alphabet="0aB", min_size=1, max_size=4))
        spans.append((len(text), len(text) + len(hidden), "nik"))
        text += hidden + draw(PIECE)
    phrase = PIECE | st.sampled_from(["a", "aB", "B a", text[:3] or "a"])
    quoted = draw(phrase)
    row = {
        "alasan": "; ".join(draw(st.lists(phrase, max_size=3))),
        "alasan_urgensi": f'nyawa: "{quoted}", "{draw(phrase)}" (dikhawatirkan)',
        "dituduh": draw(phrase),
    }
    return text, spans, row


@settings(max_examples=300, deadline=None)
@given(_cases())
def test_joined_segments_give_the_text(case: tuple[str, list[tuple[int, int, str]], dict[str, Any]]) -> None:
    text, spans, row = case
    assert "".join(segment.text for segment in marked(text, spans, row, masked=False)) == text
    values = iter([text[start:end] for start, end, _ in spans])
    back = [next(values) if one.kind == DATA else one.text for one in marked(text, spans, row)]
    assert "".join(back) == text
    assert next(values, None) is None
    assert all(segment.text for segment in marked(text, spans, row))
