"""Complaints in time: whether a change helped (``interrupted``) and what load will come (``forecast``)."""
