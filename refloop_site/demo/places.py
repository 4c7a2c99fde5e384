"""Where people live: real zip codes of Dane County, so that routing's distances are right; streets are invented."""

# (zip, city, how many of a hundred patients live there)
ZIP_CODES = (
    ("53703", "Madison", 5), ("53704", "Madison", 11), ("53705", "Madison", 6), ("53711", "Madison", 11),
    ("53713", "Madison", 6), ("53714", "Madison", 5), ("53715", "Madison", 2), ("53716", "Madison", 6),
    ("53717", "Madison", 3), ("53718", "Madison", 4), ("53719", "Madison", 7), ("53726", "Madison", 1),
    ("53562", "Middleton", 6), ("53590", "Sun Prairie", 8), ("53593", "Verona", 4), ("53597", "Waunakee", 4),
    ("53558", "McFarland", 2), ("53575", "Oregon", 2), ("53589", "Stoughton", 3), ("53527", "Cottage Grove", 1),
    ("53532", "DeForest", 2), ("53572", "Mount Horeb", 1),
)  # fmt: skip
STREETS = (
    "Heron Bay Rd", "Larkspur Ln", "Old Orchard Dr", "Mill Race Ct", "Sandhill Trl", "Quarry Ridge Rd", "Wildrose Way",
    "Cattail Ct", "Ferry Landing Dr", "Bluestem Ave", "Tamarack Ter", "Icehouse Ln", "Burr Oak Blvd", "Linden Hollow",
    "Shagbark Cir", "Prairie Smoke Dr", "Kettle Moraine St", "Stone Arch Rd", "Meadowlark Ave", "Depot St",
)  # fmt: skip
STATE = "WI"
