"""The invented organisations: the group, the practices that refer to it, the specialists it refers to, the payers.

Phone numbers are 555-01xx (kept for fiction), e-mail domains under example.org, NPIs are made with a valid check digit.
"""

from dataclasses import dataclass

GROUP = "Lantern Bay Medical Group"


@dataclass(frozen=True)
class PlaceRow:
    """``reached_by`` is a contact preference; an office reached by API acts through its token."""

    key: str
    name: str
    street: str
    city: str
    zip_code: str
    reached_by: str = "phone"
    notes: str = ""


@dataclass(frozen=True)
class ClinicianRow:
    """``wait_days`` is the usual time to a first visit; ``capacity`` how many may wait at once."""

    given: str
    family: str
    credentials: str
    specialty: str
    places: tuple[str, ...]
    wait_days: int | None = None
    capacity: int | None = None
    urgent_slots: bool = False


_P, _C = PlaceRow, ClinicianRow

OUR_OFFICES = (
    _P("downtown", "Lantern Bay Downtown", "410 Isthmus Market St", "Madison", "53703", "api"),
    _P("westgate", "Lantern Bay Westgate", "77 Prairie Arch Blvd", "Madison", "53717", "phone"),
    _P("sunprairie", "Lantern Bay Sun Prairie", "1820 Windmill Commons", "Sun Prairie", "53590", "phone"),
)
OUR_CLINICIANS = (
    _C("Joan", "Halloway", "MD", "family-medicine", ("downtown",)),
    _C("Emeka", "Obiora", "MD", "family-medicine", ("westgate",)),
    _C("Lydia", "Marsh", "NP", "family-medicine", ("sunprairie",)),
    _C("Peter", "Lundahl", "DO", "internal-medicine", ("downtown", "sunprairie")),
    _C("Sunita", "Rao", "MD", "internal-medicine", ("westgate",)),
    _C("Marcus", "Vale", "MD", "cardiology", ("downtown", "westgate"), 14, 60, True),
    _C("Elena", "Brandt", "MD", "cardiology", ("sunprairie",), 18, 55),
    _C("Gregor", "Novak", "MD", "gastroenterology", ("downtown",), 24, 70),
    _C("Naomi", "Castile", "MD", "orthopedics", ("westgate",), 12, 60, True),
    _C("Dev", "Chaudhry", "DO", "orthopedics", ("sunprairie", "downtown"), 15, 55),
    _C("Imogen", "Frost", "MD", "dermatology", ("westgate",), 28, 70, True),
    _C("Tobias", "Renner", "MD", "endocrinology", ("downtown",), 21, 45),
    _C("Hana", "Ishikawa", "MD", "neurology", ("westgate",), 26, 60, True),
    _C("Cecily", "Thorne", "MD", "rheumatology", ("downtown",), 30, 45),
)

REFERRING_PRACTICES = (
    _P("willowbrook", "Willowbrook Family Practice", "12 Sandhill Trl", "Verona", "53593", "api"),
    _P("kettle", "Kettle Pond Primary Care", "505 Tamarack Ter", "Middleton", "53562", "fax"),
    _P("eastlight", "Eastlight Community Clinic", "2301 Depot St", "Madison", "53704", "api"),
    _P("northmeadow", "North Meadow Internal Medicine", "88 Bluestem Ave", "Waunakee", "53597", "fax"),
    _P("stonegate", "Stonegate Health Partners", "640 Stone Arch Rd", "Madison", "53719", "email"),
    _P("threebridges", "Three Bridges Family Medicine", "19 Ferry Landing Dr", "Stoughton", "53589", "fax"),
    _P("harvest", "Harvest Moon Pediatrics & Family", "301 Old Orchard Dr", "Sun Prairie", "53590", "phone"),
    _P("cottage", "Cottage Row Medical", "45 Linden Hollow", "Cottage Grove", "53527", "fax"),
    _P("southpier", "South Pier Health Center", "930 Mill Race Ct", "Madison", "53713", "api"),
    _P("bramble", "Bramble Creek Women's Health", "7 Wildrose Way", "Oregon", "53575", "phone"),
)
REFERRING_CLINICIANS = (
    _C("Walter", "Ames", "MD", "family-medicine", ("willowbrook",)),
    _C("Priscilla", "Dunne", "NP", "family-medicine", ("willowbrook",)),
    _C("Ravi", "Menon", "MD", "family-medicine", ("kettle",)),
    _C("Colleen", "Baptiste", "MD", "internal-medicine", ("kettle",)),
    _C("Yusuf", "Demir", "MD", "family-medicine", ("eastlight",)),
    _C("Agnes", "Leclair", "PA-C", "family-medicine", ("eastlight",)),
    _C("Solomon", "Tate", "MD", "internal-medicine", ("eastlight",)),
    _C("Birgit", "Holm", "MD", "internal-medicine", ("northmeadow",)),
    _C("Otis", "Freeman", "DO", "internal-medicine", ("northmeadow",)),
    _C("Carmen", "Ibarra", "MD", "family-medicine", ("stonegate",)),
    _C("Leland", "Moss", "MD", "internal-medicine", ("stonegate",)),
    _C("Judith", "Eklund", "MD", "family-medicine", ("threebridges",)),
    _C("Samir", "Aziz", "NP", "family-medicine", ("threebridges",)),
    _C("Rowena", "Pike", "MD", "family-medicine", ("harvest",)),
    _C("Dexter", "Chambers", "DO", "family-medicine", ("harvest",)),
    _C("Gail", "Stenerson", "MD", "family-medicine", ("cottage",)),
    _C("Andre", "Fabre", "MD", "internal-medicine", ("southpier",)),
    _C("Mee", "Chang", "NP", "family-medicine", ("southpier",)),
    _C("Talia", "Rosen", "MD", "family-medicine", ("southpier",)),
    _C("Lorna", "Whitlock", "MD", "obstetrics-gynecology", ("bramble",)),
)

SPECIALIST_OFFICES = (
    _P("harborent", "Harborlight ENT", "210 Icehouse Ln", "Madison", "53705", "fax"),
    _P("claryeye", "Clary Eye Institute", "15 Larkspur Ln", "Madison", "53711", "api"),
    _P("isleuro", "Isle Urology Associates", "900 Quarry Ridge Rd", "Madison", "53715", "phone"),
    _P("fourkidney", "Four Oaks Kidney Care", "61 Burr Oak Blvd", "Madison", "53713", "fax"),
    _P("breathwell", "Breathwell Pulmonary", "333 Cattail Ct", "Middleton", "53562", "api"),
    _P("beacon", "Beacon Hill Cancer & Blood", "1200 Heron Bay Rd", "Madison", "53705", "api",
       "Ask for the intake nurse before noon."),
    _P("cardinal", "Cardinal Ridge Surgery", "48 Shagbark Cir", "Madison", "53711", "fax"),
    _P("marigold", "Marigold Women's Care", "27 Wildrose Way", "Madison", "53719", "phone"),
    _P("steppingstone", "Steppingstone Pain & Rehab", "512 Depot St", "Madison", "53704", "fax"),
    _P("mindfield", "Fieldstone Behavioral Health", "80 Meadowlark Ave", "Madison", "53717", "email"),
    _P("summitheart", "Summit Heart & Vascular", "2100 Kettle Moraine St", "Madison", "53718", "api"),
    _P("truestride", "Truestride Foot & Bone", "66 Prairie Smoke Dr", "Sun Prairie", "53590", "fax"),
)  # fmt: skip
SPECIALISTS = (
    _C("Nolan", "Grady", "MD", "ent", ("harborent",), 20, 30, True),
    _C("Adele", "Sorensen", "MD", "ent", ("harborent",), 25, 30),
    _C("Miles", "Everhart", "MD", "ophthalmology", ("claryeye",), 18, 40),
    _C("Farah", "Nazari", "OD", "ophthalmology", ("claryeye",), 12, 40, True),
    _C("Conrad", "Bly", "MD", "urology", ("isleuro",), 22, 35),
    _C("Simone", "Laurent", "MD", "urology", ("isleuro",), 19, 30, True),
    _C("Anil", "Deshpande", "MD", "nephrology", ("fourkidney",), 26, 35),
    _C("Greta", "Norling", "MD", "pulmonology", ("breathwell",), 21, 35, True),
    _C("Ellis", "Monroe", "DO", "pulmonology", ("breathwell",), 17, 25),
    _C("Ruth", "Abramson", "MD", "hematology-oncology", ("beacon",), 9, 40, True),
    _C("Kwabena", "Asante", "MD", "general-surgery", ("cardinal",), 10, 35, True),
    _C("Philippa", "Crane", "MD", "general-surgery", ("cardinal",), 14, 30),
    _C("Inez", "Salcedo", "MD", "obstetrics-gynecology", ("marigold",), 16, 40),
    _C("Harvey", "Lindqvist", "MD", "pain-medicine", ("steppingstone",), 23, 30),
    _C("Odette", "Marlow", "MD", "physical-medicine", ("steppingstone",), 27, 25),
    _C("Jonas", "Feld", "MD", "psychiatry", ("mindfield",), 40, 20),
    _C("Vera", "Castellan", "MD", "psychiatry", ("mindfield",), 45, 15),
    _C("Desmond", "Achebe", "MD", "cardiology", ("summitheart",), 11, 30, True),
    _C("Lillian", "Hart", "MD", "vascular-surgery", ("summitheart",), 15, 25),
    _C("Owen", "Tredwell", "DPM", "podiatry", ("truestride",), 9, 35, True),
    _C("Bianca", "Moretti", "MD", "orthopedics", ("truestride",), 13, 25),
    _C("Cyrus", "Hadley", "MD", "allergy-immunology", ("harborent",), 30, 25),
)

# (code, name, share of a hundred patients). Nobody takes the last one: its referrals stay unrouted until somebody acts.
PAYERS = (
    ("medicare", "Medicare", 30),
    ("medicaid-wi", "Wisconsin Medicaid", 15),
    ("northfield-ppo", "Northfield PPO", 16),
    ("northfield-hmo", "Northfield HMO", 12),
    ("prairie-mutual", "Prairie Mutual", 10),
    ("heron-choice", "Heron Choice", 8),
    ("tallgrass-employer", "Tallgrass Employer Plan", 6),
    ("pinecrest-limited", "Pinecrest Limited Network", 3),
)
NOBODY_TAKES = "pinecrest-limited"
PAYERS_NOT_TAKEN_BY = {"mindfield": {"medicaid-wi"}, "marigold": {"heron-choice"}, "harborent": {"tallgrass-employer"}}
