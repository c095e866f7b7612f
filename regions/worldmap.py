"""The world map: where a place lies on the drawing in static/img/monde.svg (Equal Earth, seen from 11° east)."""

from functools import lru_cache
from importlib.resources import files
from math import asin, cos, pi, radians, sin, sqrt

WIDTH, HEIGHT = 1920, 840
FROM = -11
A = (1.340264, -0.081106, 0.000893, 0.003796)
M = sqrt(3) / 2

CENTRES = {
    "AR": (-34.6, -64.2), "AU": (-25.3, 134.5), "BR": (-12.0, -50.5), "CA": (53.0, -101.0), "CD": (-3.0, 23.6),
    "CL": (-33.5, -70.7), "CN": (34.5, 104.0), "EC": (-1.2, -78.5), "ES": (40.2, -3.6), "FR": (46.6, 2.4),
    "ID": (-2.5, 117.5), "IN": (22.0, 79.0), "KZ": (48.0, 67.0), "MX": (23.6, -102.3), "NZ": (-41.0, 173.0),
    "PT": (39.5, -8.0), "RU": (60.0, 92.0), "US": (39.5, -98.0), "ZA": (-29.5, 24.5),
}  # fmt: skip
"The middle of large countries; of the others the place of their clock stands for it."


def equal_earth(longitude: float, latitude: float) -> tuple[float, float]:
    """The projection of Šavrič, Patterson and Jenny (2018), in radians of a unit sphere."""
    t = asin(M * sin(latitude))
    t2 = t * t
    t6 = t2**3
    x = longitude * cos(t) / (M * (A[0] + 3 * A[1] * t2 + t6 * (7 * A[2] + 9 * A[3] * t2)))
    return x, t * (A[0] + A[1] * t2 + t6 * (A[2] + A[3] * t2))


SCALE = min(952 / (2 * equal_earth(pi, 0)[0]), 456 / (2 * equal_earth(0, pi / 2)[1]))


def place(latitude: float, longitude: float) -> tuple[float, float]:
    """Where a point stands on the drawing, from its left upper corner."""
    turned = radians(((longitude + FROM + 180) % 360) - 180)
    x, y = equal_earth(turned, radians(latitude))
    return round(2 * (480 + SCALE * x), 1), round(2 * (232 - SCALE * y), 1)


@lru_cache(maxsize=1)
def countries() -> dict[str, tuple[float, float]]:
    """Latitude and longitude of each country, after tzdata's table of zones."""
    found: dict[str, tuple[float, float]] = {}
    for line in (files("tzdata") / "zoneinfo" / "zone.tab").read_text().splitlines():
        if line and not line.startswith("#"):
            code, where, _zone, *_comment = line.split("\t")
            found.setdefault(code, _degrees(where))
    return found | CENTRES


def _degrees(where: str) -> tuple[float, float]:
    """ISO 6709: ±DDMM±DDDMM or ±DDMMSS±DDDMMSS."""
    cut = max(where.rfind("+"), where.rfind("-"))
    return _angle(where[:cut], 2), _angle(where[cut:], 3)


def _angle(text: str, digits: int) -> float:
    sign, rest = (-1 if text[0] == "-" else 1), text[1:]
    minutes, seconds = rest[digits : digits + 2] or "0", rest[digits + 2 :] or "0"
    return sign * (int(rest[:digits]) + int(minutes) / 60 + int(seconds) / 3600)
