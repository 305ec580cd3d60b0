"""Invented complaints of four matters, and what a model might say of them."""

from __future__ import annotations

TOPICS = {
    "Dinas Jalan": ["jalan berlubang dekat {}", "aspal di {} rusak parah", "lubang besar di jalan depan {}"],
    "Dinas Sampah": ["sampah menumpuk di {}", "tumpukan sampah dekat {} bau", "bau sampah menyengat dari {}"],
    "PDAM": ["air keran mati di {}", "air pam keruh di sekitar {}", "tagihan air pam {} naik"],
    "Dinas Pasar": ["pedagang kaki lima menutup {}", "lapak pedagang di depan {} liar", "pedagang memenuhi trotoar {}"],
}
PLACES = ["pasar", "sekolah", "masjid", "terminal", "lapangan", "jembatan", "kantor", "gereja", "taman", "balai"]


def complaints() -> list[tuple[str, str]]:
    """Return (text, unit), 120 different texts."""
    return [(form.format(place), unit) for unit, forms in TOPICS.items() for form in forms for place in PLACES]
