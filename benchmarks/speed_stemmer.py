"""Stem a few texts with whichever Sastrawi is installed; nothing else is needed in its environment.

python benchmarks/speed_stemmer.py TEXTS.json DISTRIBUTION
"""

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path

from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

texts = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
stemmer = StemmerFactory().create_stemmer()
began = time.perf_counter()
for text in texts:
    stemmer.stem(text)
seconds = time.perf_counter() - began
print(json.dumps({"version": version(sys.argv[2]), "texts": len(texts), "seconds": seconds}))
