# make run: everything a newcomer needs to see it work. make test: every test. make help: the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help setup run test lint types check serve-mlflow accuracy decisions speed docs notebooks lock clean

help:
	@echo "make run           set up, train the starter model if there is none, score the sample complaints"
	@echo "make test          set up and run every test"
	@echo "make serve-mlflow  MLflow's pages on the project's store"
	@echo "make lint types    ruff; mypy"
	@echo "make accuracy      measure on ../shared and write docs/experiments.md"
	@echo "make decisions     measure the decision rules on ../shared and write docs/decisions.md"
	@echo "make speed         measure time and memory and write docs/performance.md"
	@echo "make docs          write docs/perintah.md from the commands"
	@echo "make notebooks     execute the notebooks into hasil/ (BERKAS=FILE: on an office's own file)"
	@echo "make lock          write requirements.lock anew"

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; make PYTHON=python3.12 ..."; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

run: setup
	@mkdir -p hasil
	$(BIN)/disposisi score data/samples/aduan_contoh.csv -o hasil/aduan_contoh.xlsx

test: setup
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

check: lint types test

serve-mlflow: setup
	$(BIN)/disposisi serve-mlflow

accuracy: setup
	$(BIN)/python benchmarks/accuracy.py --write

decisions: setup
	$(BIN)/python benchmarks/decisions.py --write

speed: setup
	$(BIN)/python benchmarks/speed.py --write

docs: setup
	$(BIN)/python docs/make_reference.py

# BERKAS=FILE: an office's file in place of the starter corpus.
notebooks: setup
	@mkdir -p hasil
	$(if $(BERKAS),DISPOSISI_NOTEBOOK_BERKAS="$$(realpath "$(BERKAS)")") $(BIN)/jupyter-execute notebooks/*.ipynb --output='../hasil/{notebook_name}'

lock:
	sh docs/make_lock.sh

clean:
	rm -rf $(VENV) hasil .pytest_cache .mypy_cache .ruff_cache
