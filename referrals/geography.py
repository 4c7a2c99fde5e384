"""Distance between US zip codes, from the coordinates shipped with the ``zipcodes`` package (offline)."""

from functools import lru_cache
from math import asin, cos, radians, sin, sqrt

import zipcodes

EARTH_RADIUS_MILES = 3958.8
Coordinates = tuple[float, float]  # latitude, longitude in degrees


@lru_cache(maxsize=4096)
def coordinates_of_zip(zip_code: str) -> Coordinates | None:
    """The zip's (latitude, longitude), or None when it is empty, malformed or unknown."""
    if len(zip_code) < 5 or not zip_code[:5].isascii() or not zip_code[:5].isdigit():
        return None
    rows = zipcodes.matching(zip_code[:5])
    return (float(rows[0]["lat"]), float(rows[0]["long"])) if rows else None


def miles_between(a: Coordinates, b: Coordinates) -> float:
    """Great-circle distance in statute miles."""
    lat_a, lon_a, lat_b, lon_b = map(radians, (*a, *b))
    half_chord = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_MILES * asin(sqrt(half_chord))
