"""What complaints are about: themes, how they grow, what citizens say in their own words."""

from __future__ import annotations

from pipeline.reports.monev.themes.definition import Definition, assign, match
from pipeline.reports.monev.themes.finding import Themes, find_themes
from pipeline.reports.monev.themes.growth import Growth, growth, growth_by, theme_table
from pipeline.reports.monev.themes.quotes import quotes

__all__ = [
    "Definition",
    "Growth",
    "Themes",
    "assign",
    "find_themes",
    "growth",
    "growth_by",
    "match",
    "quotes",
    "theme_table",
]
