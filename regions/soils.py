"""Soils: which ground is drawn for a region. The pictures are in static/img."""

DRAWN = {"GLOBAL", "ASPAC", "AFR-W", "AFR", "EUR-N", "EUR", "TEMP", "MED", "LAC", "NAM"}

NAMES = {
    "global": "",
    "aspac": "Vertisol",
    "afr-w": "Ferralsol",
    "afr": "Nitisol",
    "eur-n": "Podzol",
    "eur": "Cambisol",
    "temp": "Luvisol",
    "med": "Luvisol (terra rossa)",
    "lac": "Andosol",
    "nam": "Chernozem",
}
"Names of the World Reference Base, the same in every language."


def soil_of(code: str) -> str:
    """The name of a region's ground; its continent's, or the Initiative's, where it has none of its own."""
    while code and code not in DRAWN:
        code = code.rpartition("-")[0]
    return (code or "GLOBAL").lower()
