"""Why a row was chosen, in the words of the office."""

from __future__ import annotations

from pipeline.catalogue.units import unit_name
from pipeline.retraining.picking.clusters import Representatives
from pipeline.retraining.picking.worth import Opinion

DOUBTFUL = 0.5
"""From this doubt on (a margin of half or less) a row is chosen because the model wavers."""
RARE = 1.5
"""From this rarity on (1 is the pool's mean) it is chosen because its unit may be a rare one."""


def reasons(chosen: Representatives, opinion: Opinion | None) -> list[str]:
    """Return the reason of each chosen row; *opinion* is that of the pool's model, where there is one."""
    groups = [_group(size) for size in chosen.sizes.tolist()]
    if opinion is None:
        return groups
    said = opinion.take(chosen.rows)
    doubt, rarity = said.doubt(), opinion.rarity()[chosen.rows]
    told = []
    for place, (first, second) in enumerate(said.first_two().tolist()):
        if rarity[place] >= RARE:
            rare = min(first, second, key=lambda unit: said.counts[unit])
            told.append(f"unit jarang: {_name(said, rare)}")
        elif doubt[place] >= DOUBTFUL:
            told.append(f"ragu antara {_name(said, first)} dan {_name(said, second)}")
        else:
            told.append(groups[place])
    return told


def _name(opinion: Opinion, unit: int) -> str:
    return unit_name(str(opinion.units[unit]))


def _group(size: int) -> str:
    return f"mewakili kelompok {size:,} aduan serupa".replace(",", ".") if size > 1 else "berbeda dari yang lain"
