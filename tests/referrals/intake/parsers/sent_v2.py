"""HL7 v2 messages as many systems send them, made from facts: a second, independent account of where each fact belongs.

Every message differs in delimiters, line ends, framing, character set, precision of times and in how its system writes a
clinician; its facts are what a reader must find, and there is nothing else to find."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.referrals.intake.parsers.made import NPI

MARKS = ["|^~\\&"] * 6 + ["#!@%*", "|$~\\&", "^~|\\&"]  # field, component, repetition, escape, subcomponent
PATIENTS = [
    ("DELGADO", "ROSA"),
    ("O'Brien", "Zoë"),
    ("Smith & Sons", "LI"),
    ("van der Berg", "José|Ana"),
    ("MUÑOZ", "D^Andre"),
]
CLINICIANS = [
    ("OSEI", "AMA", NPI),
    ("Hall", "Ida", ""),
    ("Sørensen", "Knud", "1003000126"),
    ("St. John", "Leo", "1881018109"),
]
STATUSES = {"AU": "final", "LA": "final", "DI": "preliminary", "IP": "preliminary", "": None}
RESULTS = {"F": "final", "P": "preliminary", "C": "amended", "A": "interim"}


@dataclass(frozen=True)
class Clinician:
    family: str
    given: str
    npi: str

    @property
    def local(self) -> str:
        return f"D{sum(map(ord, self.family))}"

    def written(self, system: str) -> Any:
        """An XCN as ``system`` writes it; a tuple is a repetition of the same person."""
        name = [self.family, self.given]
        if system == "epic":
            own = [self.local, *name, *[""] * 5, "EPIC", "", "", "", "PROVID"]
            return (own, [self.npi, *name, *[""] * 5, "NPI", "", "", "", "NPI"]) if self.npi else own
        if system == "cerner":
            own = [self.local, *name, *[""] * 5, "External Id", "Personnel"]
            return (own, [self.npi, *name, *[""] * 5, "National Provider Identifier", "Personnel"]) if self.npi else own
        if system == "lri":
            giver = {1: "", 2: "2.16.840.1.113883.4.6", 3: "ISO"} if self.npi else {1: "LAB"}
            return [self.npi or self.local, *name, *[""] * 5, giver, "L", "", "", "NPI" if self.npi else "EI"]
        return [self.npi or self.local, *name, "", "", "", "MD" if system == "degree" else ""]


class Writer:
    """Text of fields: a list has components, a tuple repetitions, a dict subcomponents by number."""

    def __init__(self, marks: str):
        self.field, self.component, self.repetition, self.escape, self.sub = marks
        self.codes = marks[1:]

    def segment(self, name: str, **fields: Any) -> str:
        values = {int(number[1:]): self.value(value) for number, value in fields.items()}
        numbers = range(3 if name == "MSH" else 1, max(values) + 1)
        head = [name, self.codes] if name == "MSH" else [name]
        return self.field.join([*head, *(values.get(number, "") for number in numbers)])

    def value(self, value: Any) -> str:
        if isinstance(value, tuple):
            return self.repetition.join(map(self.value, value))
        if isinstance(value, list):
            return self.component.join(map(self.value, value)).rstrip(self.component)
        if isinstance(value, dict):
            return self.sub.join(self.value(value.get(number, "")) for number in range(1, max(value) + 1))
        escapes = zip((self.escape, self.field, self.component, self.repetition, self.sub), "EFSRT", strict=True)
        table = {mark: f"{self.escape}{letter}{self.escape}" for mark, letter in escapes}
        return "".join(table.get(character, character) for character in value)


def messages(seed: int, count: int) -> Iterator[tuple[bytes, dict[str, Any]]]:
    rng = random.Random(seed)
    for _ in range(count):
        yield _message(rng)


def _message(rng: random.Random) -> tuple[bytes, dict[str, Any]]:
    w, system = Writer(rng.choice(MARKS)), rng.choice(["epic", "cerner", "lri", "degree", "bare"])
    facts: dict[str, Any] = {
        "author": None,
        "referrer": None,
        "relation": None,
        "orders": set(),
        "visit": None,
        "written": None,
    }
    patient = _patient(rng, facts)
    kind, trigger = rng.choice(
        [("MDM", "T02"), ("MDM", "T04"), ("MDM", "T08"), ("MDM", "T10"), ("MDM", "T11"), ("ORU", "R01")]
    )
    author, referrer, attending = (Clinician(*one) for one in rng.sample(CLINICIANS, 3))
    visit = {"_1": "1", "_2": "O", "_7": attending.written(system), "_17": attending.written(system)}
    if rng.random() < 0.6:
        facts["referrer"] = referrer
        visit["_8"] = referrer.written(system)
    if rng.random() < 0.5:
        visit["_44"], facts["visit"] = _time(rng)
    make = _document if kind == "MDM" else _result
    body = make(rng, w, facts, trigger, author if rng.random() < 0.7 else None, attending, referrer, system)
    header = w.segment("MSH", _3="EHR", _4="LAKE", _9=[kind, trigger], _10="M1", _11="P", _12="2.5.1", _18=(charset := rng.choice(["", "8859/1"])))  # fmt: skip
    others = [w.segment("PID", **patient), w.segment("PV1", **visit), w.segment("NK1", _1="1", _2=["WEBER", "ANNA"])]
    rng.shuffle(others)
    text = rng.choice(["\r", "\n", "\r\n"]).join([header, *others, *body, ""])
    frame = rng.choice(["{}", "\x0b{}\x1c\r", "\n\n{}"])
    return frame.format(text).encode("latin-1" if charset else rng.choice(["utf-8", "utf-16"])), facts


def _patient(rng: random.Random, facts: dict[str, Any]) -> dict[str, Any]:
    family, given = rng.choice(PATIENTS)
    names = [[family, given, "Q", "JR", "MS", "", "L"], ["BORN", given, "", "", "", "", "M"]]
    ids = [
        ["4411", "7", "M10", {1: "LAKE", 2: "1.2.3.9", 3: "ISO"}, "MR"],
        ["900-12-3456", "", "", "SSA", "SS"],
        ["77"],
    ]
    chosen = rng.sample(ids, rng.randint(1, 3))
    rng.shuffle(names)
    born, iso = rng.choice([("19610304", "1961-03-04"), ("196103040830", "1961-03-04"), ("196103", None)])
    sex, said = rng.choice([("F", "female"), ("M", "male"), ("U", "unknown"), ("", None)])
    known = {"4411": ("4411", "1.2.3.9", "MR"), "900-12-3456": ("900-12-3456", "SSA", "SS"), "77": ("77", "", "")}
    facts |= {"family": family, "given": (given, "Q"), "former": "BORN", "born": iso, "sex": said,
              "ids": {known[one[0]] for one in chosen}}  # fmt: skip
    return {"_1": "1", "_3": tuple(chosen), "_5": tuple(names), "_7": born, "_8": sex}


def _document(rng: random.Random, w: Writer, facts: dict[str, Any], trigger: str, author: Clinician | None,
              attending: Clinician, referrer: Clinician, system: str) -> list[str]:  # fmt: skip
    code = rng.choice(list(STATUSES))
    fields: dict[str, Any] = {"_1": "1", "_2": ["CN", "Consultation"], "_12": ["DOC-7", "EHR"], "_17": code}
    facts["document"] = "DOC-7"
    status = STATUSES[code]
    facts["status"] = "amended" if status == "final" and trigger in {"T08", "T10"} else status
    facts["relation"] = {"T04": ("replaces", "DOC-7"), "T08": ("replaces", "DOC-7"), "T10": ("replaces", "DOC-7")}.get(
        trigger
    )
    if trigger == "T11":
        facts["status"], facts["relation"] = "retracted", ("retracts", "DOC-7")
    elif trigger in {"T08", "T10"} and rng.random() < 0.5:
        fields["_13"], facts["relation"] = ["DOC-6", "EHR"], ("replaces", "DOC-6")
    for number in rng.sample((4, 6, 7), rng.randint(0, 3)):
        fields[f"_{number}"], facts[number] = _time(rng)
    facts["written"] = facts.get(6) or facts.get(4) or facts.get(7)
    facts["visit"] = facts["visit"] or facts.get(4)
    if rng.random() < 0.5:
        fields["_14"], facts["orders"] = ["REF-9", "HUB"], {"REF-9"}
    if author:
        fields[rng.choice(["_9", "_5", "_10"])] = author.written(system)
    facts["author"] = author or attending
    return [w.segment("TXA", **fields), *([] if trigger == "T11" else [_text(w)])]


def _result(rng: random.Random, w: Writer, facts: dict[str, Any], trigger: str, author: Clinician | None,
            attending: Clinician, referrer: Clinician, system: str) -> list[str]:  # fmt: skip
    codes = rng.choices(list(RESULTS), k=rng.randint(1, 2))
    worst = ("preliminary", "interim", "amended", "final")
    facts["status"] = min((RESULTS[code] for code in codes), key=worst.index)
    facts |= {"document": "RES-1", "orders": {f"ORD-{n}" for n, _ in enumerate(codes, 1)}, "referrer": referrer}
    done, reported = _time(rng), _time(rng)
    facts["written"], facts["visit"] = reported[1], done[1]
    segments = []
    for number, code in enumerate(codes, 1):
        placer, filler = [f"ORD-{number}", "HUB"], [f"RES-{number}", "LAB"]
        request = {"_1": str(number), "_4": ["71020", "Chest"], "_7": done[0], "_16": referrer.written(system),
                   "_22": reported[0], "_25": code}  # fmt: skip
        if author:
            request["_32"] = [{1: author.npi or author.local, 2: author.family, 3: author.given}]
        if rng.random() < 0.5:
            request |= {"_2": placer, "_3": filler}
        segments += [
            w.segment("ORC", _1="RE", _2=placer, _3=filler, _12=referrer.written(system)),
            w.segment("OBR", **request),
        ]
        segments.append(_text(w))
    facts["author"] = author or attending
    return segments


def _text(w: Writer) -> str:
    return w.segment("OBX", _1="1", _2="TX", _3=["11488-4", "Consult note", "LN"], _5="BP 120/80 & stable.", _11="F")


def _time(rng: random.Random) -> tuple[str, str]:
    """(as sent, as ISO 8601) at some precision, with or without a zone."""
    day, clock = f"{rng.randint(1, 28):02}", f"{rng.randint(0, 23):02}"
    zone = rng.choice(["", "-0600", "+0530"])
    iso_zone = zone and f"{zone[:3]}:{zone[3:]}"
    return rng.choice([
        (f"202611{day}", f"2026-11-{day}"),
        (f"202611{day}{clock}30{zone}", f"2026-11-{day}T{clock}:30{iso_zone}"),
        (f"202611{day}{clock}3015.250{zone}", f"2026-11-{day}T{clock}:30:15.250{iso_zone}"),
    ])  # fmt: skip
