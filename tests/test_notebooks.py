"""The notebooks: kept without outputs, thin, run on the starter corpus and on an office's file, no identity shown."""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

from pipeline.catalogue import LEVELS
from tests.leaks.identities import CELLS, IDENTITIES
from tests.leaks.search import leaks_in

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
NAMES = ("01-lihat-data", "02-latih-dan-banding", "03-telaah-kesalahan")
TOPICS = {
    "Dinas Jalan": ["jalan berlubang dekat {}", "aspal di {} rusak parah"],
    "Dinas Sampah": ["sampah menumpuk di {}", "tumpukan sampah dekat {} bau"],
}
PLACES = ("pasar", "sekolah", "masjid", "terminal", "lapangan", "jembatan", "kantor", "gereja", "taman", "balai")
_ABSOLUTE = re.compile(r"""["'`(\s=](?:~?/(?:home|root|work|tmp|users|srv|mnt|opt|var)\b|[a-z]:\\)""", re.IGNORECASE)


def notebook(name: str) -> NotebookNode:
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=nbformat.NO_CONVERT)


def code_of(book: NotebookNode) -> str:
    cells = [cell.source for cell in book.cells if cell.cell_type == "code"]
    return "\n".join(line for source in cells for line in source.splitlines() if not line.startswith("%"))


def run(name: str, folder: Path, **options: str) -> NotebookNode:
    """Return the notebook executed in *folder*; a cell that fails raises."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("DISPOSISI_")}
    places = {"TMPDIR": str(folder), "IPYTHONDIR": str(folder), "DISPOSISI_STORE": str(folder / "store")}
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    chosen = {f"DISPOSISI_NOTEBOOK_{key}": value for key, value in options.items()}
    book = notebook(name)
    client = NotebookClient(book, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
    client.execute(env={**inherited, **places, **threads, **chosen})
    return book


def shown(book: NotebookNode) -> list[str]:
    """Return everything that the cells of *book* put out, but pictures."""
    outputs = [output for cell in book.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output.text for output in outputs if output.get("name") == "stderr"]
    texts = [output.text for output in outputs if output.output_type == "stream"]
    data = [output.data for output in outputs if "data" in output]
    return texts + [value for one in data for kind, value in one.items() if not kind.startswith("image/")]


def pictures(book: NotebookNode) -> int:
    cells = [cell for cell in book.cells if cell.cell_type == "code"]
    return sum("image/png" in output.get("data", {}) for cell in cells for output in cell.outputs)


def test_every_notebook_is_tested():
    assert tuple(sorted(path.stem for path in FOLDER.glob("*.ipynb"))) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_it_is_kept_without_outputs(name: str):
    book = notebook(name)
    nbformat.validate(book)
    assert book.nbformat == 4
    assert set(book.metadata) == {"kernelspec", "language_info"}
    for cell in book.cells:
        assert set(cell.metadata) <= {"tags"}
        assert not _ABSOLUTE.search(cell.source), cell.id
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
    assert max(len(line) for line in code_of(book).splitlines()) <= 120


@pytest.mark.parametrize("path", ['open("/home/budi/a.csv")', "`C:\\data\\a.csv`", "BERKAS = '/tmp/a.csv'"])
def test_an_absolute_path_is_found(path: str):
    assert _ABSOLUTE.search(path)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_thin(name: str):
    nodes = list(ast.walk(ast.parse(code_of(notebook(name)))))
    assert not [node for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.While)]
    assert not [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom) and node.col_offset]


def test_the_first_one_warns_of_the_starter_corpus():
    prose = " ".join(cell.source for cell in notebook(NAMES[0]).cells if cell.cell_type == "markdown")
    assert "Angka pada korpus awal tidak berkata apa-apa tentang aduan nyata" in prose


@pytest.mark.parametrize(
    ("name", "found", "drawn"),
    [
        (NAMES[0], ["1,481 baris terbaca", "label_meragukan", "Tidak ada tanggal", "[NAMA]|nama"], 1),
        (NAMES[1], ["akurasi bila selalu unit terbanyak", "percobaan/2 di samping percobaan/1", "recall darurat"], 1),
        (NAMES[2], ["selalu unit terbanyak", "mendukung", "20 dipilih dari"], 1),
    ],
)
def test_it_runs_on_the_starter_corpus(tmp_path: Path, name: str, found: list[str], drawn: int):
    book = run(name, tmp_path, SAMPEL="100")
    text = "\n".join(shown(book))
    for words in found:
        assert any(one in text for one in words.split("|")), words
    assert pictures(book) == drawn
    assert not (tmp_path / "store").exists(), "the office's own store is left alone"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An invented office's year: an identity in every text, some of the latest labels wrong."""
    texts = [(form.format(place), unit) for unit, forms in TOPICS.items() for form in forms for place in PLACES]
    rows = []
    for number in range(2 * len(texts)):
        said, unit = texts[(7 * number) % len(texts)]
        wrong = number > 64 and number % 4 == 0
        rows.append(
            {
                "nomor": str(number),
                "cerita warga": f"{said}. {IDENTITIES[number % len(IDENTITIES)].text} ({number}{'x' * (number % 9)})",
                "dituju": next(one for one in TOPICS if one != unit) if wrong else unit,
                "mendesak": LEVELS[number % len(LEVELS)],
                "kapan": f"2024-{1 + number // 7:02d}-{1 + number % 28:02d}",
                "kontak": CELLS[number % len(CELLS)].written,
            }
        )
    path = tmp_path_factory.mktemp("kantor") / "aduan.csv"
    pd.DataFrame(rows).to_csv(path, index=False)
    return path


@pytest.mark.parametrize(
    ("name", "found", "drawn"),
    [(NAMES[0], ["Jensen-Shannon", "80 baris terbaca"], 2), (NAMES[2], ["Dilatih 64", "16 dipilih dari 16"], 1)],
)
def test_an_offices_file_shows_nobody(tmp_path: Path, office: Path, name: str, found: list[str], drawn: int):
    columns = "text=cerita warga,unit=dituju,urgency=mendesak,date=kapan,id=nomor"
    book = run(name, tmp_path, BERKAS=str(office), KOLOM=columns)
    text = "\n".join(shown(book))
    assert re.search(r"\[(NIK|NAMA|TELEPON|REKENING|DOKUMEN|KK|EMAIL|PLAT|URL|NPWP)\]", text)
    assert leaks_in(text.encode(), [*IDENTITIES, *CELLS]) == []
    assert leaks_in(office.read_bytes(), IDENTITIES), "the search finds what is there"
    assert all(words in text for words in found)
    assert pictures(book) == drawn
    assert not list(tmp_path.rglob("*.csv")), "rows left behind"
