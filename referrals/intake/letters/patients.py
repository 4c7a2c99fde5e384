"""Who a letter is about. Mentions that agree become one patient; what does not agree is kept apart, so that a letter

about two people never looks like one about one."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from referrals.intake.letters.evidence import MOST, is_legible
from referrals.intake.letters.lookalikes import one_apart, skeleton
from referrals.intake.letters.mention import Mention
from referrals.intake.letters.votes import borne_by_two, by_votes, spelling
from referrals.intake.reading import Found, Identifier, Moment, Name, Patient
from referrals.names import name_key

_ROWS_BEFORE = 4  # a birth date this many rows above a name on its page belongs to it
_YEARS_AGO = 2  # of a birth date without a label: a later one may be a visit
_ENOUGH = 40  # mentions of one name compared
_MOST = 50  # people told apart; a list of more needs a person anyway
_DISPUTED = 0.6  # factor when recognition gave two readings of one value


@dataclass
class _Gathered:
    mentions: list[Mention] = field(default_factory=list)
    names: list[Found[Name]] = field(default_factory=list)
    days: set[str] = field(default_factory=set)

    def take(self, *mentions: Mention) -> None:
        self.mentions += mentions
        self.names += [m.name for m in mentions if m.name]
        self.days.update(m.birth.value.iso for m in mentions if m.birth and m.birth.value.iso)


def patients_of(mentions: Sequence[Mention], then: date | None = None) -> tuple[tuple[Patient, ...], tuple[str, ...]]:
    """The patients, in order of appearance, and warnings for a person. ``then`` is a day the letter tells of: a date

    without a label is a birth date only when it lies years before."""
    by_family: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        if mention.name:
            by_family[name_key(mention.name.value.family)].append(mention)
    people = _grouped([m for m in mentions if not (m.name and m.doubtful and not _borne_out(m, by_family))])
    warnings = []
    patients: list[Patient] = []
    for gathered in people:
        made, disputed = _patients(gathered, then)
        patients += made
        if disputed:
            warnings.append("The patient's birth date reads differently in two places.")
    if len(patients) > 1:
        warnings.append("The document seems to be about several patients.")
    return tuple(patients), tuple(warnings)


def _borne_out(mention: Mention, by_family: dict[str, list[Mention]]) -> bool:
    """Whether a name that could be anything is one: another mention with its family name says so."""
    others = by_family[name_key(mention.name.value.family)][:_ENOUGH]
    return any(
        other is not mention and other.row != mention.row
        and (not other.doubtful or other.name.value.text != mention.name.value.text or other.name.value.given == mention.name.value.given)
        for other in others
    )  # fmt: skip


def _grouped(mentions: Sequence[Mention]) -> list[_Gathered]:
    people: list[_Gathered] = []
    known: dict[tuple, _Gathered] = {}  # by name as written
    waiting: list[Mention] = []
    current: _Gathered | None = None
    for mention in mentions:
        if waiting and waiting[-1].page != mention.page:
            current = _settle(people, waiting, current)
        if mention.name is None:
            waiting.append(mention)
            continue
        own = (
            [m for m in waiting if mention.row - m.row <= _ROWS_BEFORE]
            if current is None or _conflict(current, waiting)
            else []
        )
        waiting = [m for m in waiting if m not in own]
        current = _settle(people, waiting, current)
        waiting = []
        written = _as_written(mention.name.value)
        match = known.get(written) or next((p for p in people if _same_person(p, mention)), None)
        if match is None:
            if not mention.name.value.given and people:
                continue  # "Mrs. Smith" in prose is no second patient
            if len(people) >= _MOST:
                break
            match = _Gathered()
            people.append(match)
        match.take(mention, *own)
        known[written] = match
        current = match
    _settle(people, waiting, current)
    return _joined(people)


def _settle(people: list[_Gathered], waiting: list[Mention], current: _Gathered | None) -> _Gathered | None:
    """Give what waits for a name to the person at hand, or to one with the same number, or to somebody new."""
    for mention in waiting:
        target = current if current and not _conflict(current, [mention]) else None
        target = target or next((p for p in people if not _conflict(p, [mention])), None)
        if target is None:
            if len(people) >= _MOST:
                continue
            target = _Gathered()
            people.append(target)
        target.take(mention)
        current = target
    waiting.clear()
    return current


def _conflict(gathered: _Gathered, mentions: Iterable[Mention]) -> bool:
    """Whether a birth date among the mentions cannot be this person's."""
    days = gathered.days
    for mention in mentions:
        if mention.birth and mention.birth.value.iso and days and mention.birth.value.iso not in days:
            alike = any(one_apart(day, mention.birth.value.iso) for day in days)
            if not (alike and mention.recognised):
                return True
    return False


def _same_person(gathered: _Gathered, mention: Mention) -> bool:
    if not gathered.names:
        return True
    return any(_same_name(found.value, mention.name.value, mention.recognised) for found in gathered.names[:_MOST])


def _as_written(name: Name) -> tuple[str, tuple[str, ...], str]:
    return name.family, name.given, name.suffix


def _same_name(one: Name, two: Name, recognised: bool) -> bool:
    """The same family and given name, no other suffix (father and son) or middle initial; an initial stands for a name.

    Recognition may have one character wrong, so there a middle initial says nothing."""
    if _differ(name_key(one.suffix), name_key(two.suffix)):
        return False
    if not recognised and _differ(*(name_key("".join(name.given[1:2]))[:1] for name in (one, two))):
        return False
    if name_key(one.family) in _unparted(two) or name_key(two.family) in _unparted(one):
        return True
    families, givens = (one.family, two.family), (one.given[:1], two.given[:1])
    if not _same_word(*map(name_key, families), recognised) and not _same_word(
        *(_last(f) for f in families), recognised
    ):
        return False
    if not all(givens):
        return True
    first, second = name_key(givens[0][0]), name_key(givens[1][0])
    if len(first) == 1 or len(second) == 1:
        return first[:1] == second[:1]
    return _same_word(first, second, recognised)


def _unparted(name: Name) -> set[str]:
    """The name as a family name of two words: a ``Garcia Lopez`` is no other person than ``Maria Garcia Lopez``."""
    return {name_key("".join((*name.given, name.family)))} if len(name.given) == 1 else set()


def _differ(one: str, two: str) -> bool:
    return bool(one and two) and one != two


def _last(family: str) -> str:
    return name_key(family.split()[-1]) if family else ""


def _same_word(one: str, two: str, recognised: bool) -> bool:
    if one == two or not recognised:
        return one == two
    return skeleton(one).replace("rn", "m") == skeleton(two).replace("rn", "m") or (
        len(one) > 4 and one_apart(one, two)
    )


def _joined(people: list[_Gathered]) -> list[_Gathered]:
    """People without a name join the only one they do not contradict."""
    named = [p for p in people if p.names]
    for nameless in (p for p in people if not p.names):
        if len(named) == 1 and not _conflict(named[0], nameless.mentions):
            named[0].take(*nameless.mentions)
        else:
            named.append(nameless)
    return named


def _patients(gathered: _Gathered, then: date | None) -> tuple[list[Patient], bool]:
    """One patient, or one for each birth date when these contradict each other."""
    births = by_votes(borne_by_two(gathered.mentions, lambda m: m.birth, _day), _day)
    known = [b for b in births if b.value.iso] or births
    disputed = len(known) > 1
    names, records = _names(gathered), _records(gathered)
    sexes = by_votes([m.sex for m in gathered.mentions if m.sex], lambda s: s.value)
    phones = by_votes([m.phone for m in gathered.mentions if m.phone], lambda p: p.value)
    patient = Patient(
        names=(*names, *_others(gathered, names)),
        sex=sexes[0] if len(sexes) == 1 else None,
        identifiers=records,
        phones=tuple(phones),
        addresses=tuple(by_votes([m.address for m in gathered.mentions if m.address], lambda a: a.value.zip)[:1]),
    )
    if not known:
        return [replace(patient, birth_date=_bare(gathered, then))], False
    if not disputed or all(one_apart(known[0].value.iso, other.value.iso) for other in known[1:]):
        birth = replace(known[0], sure=round(known[0].sure * _DISPUTED, 3)) if disputed else known[0]
        return [replace(patient, birth_date=birth)], disputed
    return [replace(patient, birth_date=birth) for birth in known], True


def _bare(gathered: _Gathered, then: date | None) -> Found[Moment] | None:
    """The one date behind the name that has no label, when there is no labelled one; unsure when nothing says that it

    lies long before the letter."""
    bare = by_votes([m.bare for m in gathered.mentions if m.bare], lambda b: b.value.iso)
    if len(bare) != 1 or (then and then.year - bare[0].value.day.year < _YEARS_AGO):
        return None
    return bare[0] if then else replace(bare[0], sure=round(bare[0].sure * _DISPUTED, 3))


def _others(gathered: _Gathered, names: Sequence[Found[Name]]) -> tuple[Found[Name], ...]:
    """Former names and the like, each once, with the given name of the patient where they have none."""
    found = by_votes([m.other for m in gathered.mentions if m.other], lambda n: f"{n.value.use} {spelling(n)}")
    given = names[0].value.given if names else ()
    return tuple(replace(n, value=replace(n.value, given=n.value.given or given)) for n in found[:5])


def _names(gathered: _Gathered) -> tuple[Found[Name], ...]:
    """The spelling most mentions agree on, in its fullest form; less sure when recognition gave another one too."""
    names = borne_by_two(gathered.mentions, lambda m: m.name, spelling)
    best = by_votes([name for name in names if name.value.given] or names, spelling)
    if not best or not _is_borne_out(gathered.mentions, best[0]):
        return ()
    same = [name for name in names if spelling(name) == spelling(best[0])]
    fullest = max(same, key=lambda n: (round(n.sure, 1), len(n.value.given), bool(n.value.suffix), n.sure))
    disputed = any(_misspelt(best[0].value, other.value) for other in best[1:])
    return (replace(fullest, sure=round(fullest.sure * _DISPUTED, 3)) if disputed else fullest,)


def _is_borne_out(mentions: Sequence[Mention], best: Found[Name]) -> bool:
    """Whether a spelling is to be believed: it was recognised well, or stands in two rows."""
    same = [m for m in mentions if m.name and spelling(m.name) == spelling(best)]
    return len({m.row for m in same}) > 1 or any(is_legible(m.name.value.text, m.score) for m in same)


def _misspelt(one: Name, two: Name) -> bool:
    """Whether two spellings of one person differ in more than that one of them has an initial or a part only."""
    given = [name_key("".join(name.given[:1])) for name in (one, two)]
    family = [name_key(name.family) for name in (one, two)]
    shorter = min(family, key=len)
    return (
        not family[0].endswith(shorter)
        or not family[1].endswith(shorter)
        or (min(map(len, given)) > 1 and given[0] != given[1])
    )


def _day(birth: Found[Moment]) -> str:
    return birth.value.iso or birth.value.raw


def _records(gathered: _Gathered) -> tuple[Found[Identifier], ...]:
    """Distinct numbers; of two that recognition gave for one, the better, less sure."""
    recognised = any(mention.recognised for mention in gathered.mentions if mention.record)
    kept: list[Found[Identifier]] = []
    for found in by_votes(
        borne_by_two(gathered.mentions, lambda m: m.record, lambda r: r.value.value), lambda r: r.value.value
    ):
        alike = [place for place, other in enumerate(kept) if one_apart(found.value.value, other.value.value)]
        if not (recognised and alike):
            kept.append(found)
        else:
            better = kept[alike[0]]
            kept[alike[0]] = replace(better, sure=round(min(better.sure, MOST * _DISPUTED), 3))
        if len(kept) == _ENOUGH:
            break
    return tuple(kept)
