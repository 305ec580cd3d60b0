"""Intake: any file of complaints becomes batches with their columns found and checked.

Read: csv, tsv and other delimited text, xlsx, parquet, jsonl, standard input, and the SP4N-LAPOR export.
"""

from pipeline.intake.batch import LAYOUT_SP4N, LAYOUT_TABLE, Batch, Columns, Reject
from pipeline.intake.source import STDIN, Source, open_sources, read_all

__all__ = [
    "LAYOUT_SP4N",
    "LAYOUT_TABLE",
    "STDIN",
    "Batch",
    "Columns",
    "Reject",
    "Source",
    "open_sources",
    "read_all",
]
