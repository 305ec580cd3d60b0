"""Reports for people who were not there: of a model (:mod:`pipeline.reports.model`)."""
