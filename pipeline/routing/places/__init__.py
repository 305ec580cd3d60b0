"""Where a complaint's matter lies: the region named in the text or in an export's columns, with Kemendagri's codes."""

from __future__ import annotations

from pipeline.routing.places.finder import PlaceFinder, PlaceRows
from pipeline.routing.places.place import Place, place_of_columns

__all__ = ["Place", "PlaceFinder", "PlaceRows", "place_of_columns"]
