"""One self-contained page on one model version. docs/model-report.md tells what stands in it.

``collect`` (:mod:`~pipeline.reports.model.collect`) → :class:`ModelReport`, which holds no text of a citizen but masked
mistakes → ``page`` (:mod:`~pipeline.reports.model.page`) → HTML.
"""

from pipeline.reports.model.collect import ModelReport, collect
from pipeline.reports.model.page import page

__all__ = ["ModelReport", "collect", "page"]
