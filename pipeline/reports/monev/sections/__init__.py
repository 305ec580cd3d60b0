"""Parts of the report as blocks; each module makes one chapter from what was computed elsewhere."""
