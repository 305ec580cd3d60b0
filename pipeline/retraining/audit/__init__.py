"""The label audit: rows whose label is in doubt, for officers to decide; what they decide becomes a patch."""
