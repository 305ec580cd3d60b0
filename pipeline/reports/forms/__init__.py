"""A report's forms: one page (:mod:`.html`), one PDF (:mod:`.pdf`), one workbook (:mod:`.sheet`); charts for all."""
