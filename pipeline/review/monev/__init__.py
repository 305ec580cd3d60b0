"""What leaders read, decide and change because of complaints: the period's digests, kept in the triage store.

The report publishes digests and reads the leaders' record; it knows this package, never the other way round.
"""

from pipeline.review.monev.digests import Published, known_themes, publish
from pipeline.review.monev.policy import Change, changes
from pipeline.review.monev.record import LeadersRecord, leaders_record

__all__ = ["Change", "LeadersRecord", "Published", "changes", "known_themes", "leaders_record", "publish"]
