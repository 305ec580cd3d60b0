"""Does a new period look like an old one, and how right is the model likely to be on it? docs/drift.md tells more.

``read_rows`` → :class:`Rows` → ``period`` → :class:`Period` → ``drift`` → :class:`DriftReport`, which holds no text.
"""

from pipeline.retraining.drift.compare import drift, drift_by
from pipeline.retraining.drift.limits import Limits, load_limits
from pipeline.retraining.drift.period import Period, period
from pipeline.retraining.drift.report import DriftReport
from pipeline.retraining.drift.rows import Rows, read_rows

__all__ = ["DriftReport", "Limits", "Period", "Rows", "drift", "drift_by", "load_limits", "period", "read_rows"]
