"""The floor, and with ``--stem`` PySastrawi before it: a csv in, the same rows and a unit out, in one process.

    python benchmarks/speed_floor.py IN.csv OUT.csv MODEL.joblib [--stem] [--passes N]

Prints one line of JSON, seconds: ``inside`` (reading to writing, without start, imports and loading of the model) and
each step. Every pass after the first is warm.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable

import joblib
import pandas as pd


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("source")
    parser.add_argument("target")
    parser.add_argument("model")
    parser.add_argument("--stem", action="store_true")
    parser.add_argument("--passes", type=int, default=1)
    options = parser.parse_args()
    model = joblib.load(options.model)
    stem = stemmer() if options.stem else None
    ready = time.perf_counter()
    frame = pd.read_csv(options.source)
    texts = frame["isi"].fillna("").tolist()
    read = time.perf_counter()
    passes = []
    for _ in range(options.passes):
        began = time.perf_counter()
        words = [stem(text) for text in texts] if stem else texts
        stemmed = time.perf_counter()
        units = model.classes_[model.decision_function(words).argmax(axis=1)]
        passes.append({"stemming": stemmed - began, "features and scores": time.perf_counter() - stemmed})
    began = time.perf_counter()
    frame["unit"] = units
    frame.to_csv(options.target, index=False)
    end = time.perf_counter()
    steps = {"reading": read - ready, "passes": passes, "writing": end - began}
    print(json.dumps({"rows": len(texts), "inside": end - ready, **steps}))


def stemmer() -> Callable[[str], str]:
    """Return PySastrawi's own stemmer, which remembers the words it has met."""
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

    return StemmerFactory().create_stemmer().stem


if __name__ == "__main__":
    main()
