"""A folder as it should never come: what is put there, in which order, and what may become of each file."""

import hashlib
import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.intake_torture import hostile, notes
from tests.intake_torture.notes import Person

ODD_NAMES = (
    b"two\nlines.txt", b"tab\tand\rreturn.txt", "Überweisung 信件 🩺.txt".encode(), b"not \xff\xfe text.txt",
    b"-rf ..txt", b"up ..%2f..%2fetc%2fpasswd", b"$(touch pwned);'\".txt", b"<script>alert(1).html", b"con", b"a" * 250,
    b"b." + b"c" * 240, ("é" * 120).encode() + b".txt",
)  # fmt: skip


@dataclass
class Expected:
    """``patients``: hash of content -> family name it may be matched to (empty: nobody's). ``contents`` is what must be
    a document, ``refused`` names that must be rejected, ``left`` names that stay."""

    patients: dict[str, str] = field(default_factory=dict)
    contents: set[str] = field(default_factory=set)
    good: set[str] = field(default_factory=set)
    refused: set[bytes] = field(default_factory=set)
    left: set[bytes] = field(default_factory=set)
    files: int = 0


class Filler:
    """Writes ``count`` files into ``folder``, batch after batch; the same ``seed`` makes the same files."""

    def __init__(self, folder: Path, people: list[Person], *, count: int, seed: int, full: bool, most_bytes: int):
        self.folder, self.people, self.full, self.most_bytes = folder, people, full, most_bytes
        self.chance = random.Random(seed)
        self.expected = Expected()
        self.written: list[bytes] = []
        self.files = self._all(count)
        self.chance.shuffle(self.files)

    def some(self, share: float, total: int) -> None:
        """Put the next ``share`` of ``total`` files there."""
        for _ in range(min(len(self.files), round(share * total + 0.5))):
            self._put(*self.files.pop())

    def _put(self, name: bytes, content: bytes) -> None:
        path = os.path.join(os.fsencode(self.folder), name)
        with open(path, "wb") as file:  # in two goes: some are seen half written
            file.write(content[: len(content) // 2])
            file.flush()
            file.write(content[len(content) // 2 :])
        if not content:
            os.utime(path, (time.time() - 3600,) * 2)
        self.expected.files += 1
        if not content or len(content) > self.most_bytes:
            self.expected.refused.add(name)
        else:
            self.expected.contents.add(hashlib.sha256(content).hexdigest())

    def _all(self, count: int) -> list[tuple[bytes, bytes]]:
        made = [*self._good(round(count * 0.4)), *self._hostile(), *self._odd_names(), *self._refused()]
        originals = [content for _, content in made[: round(count * 0.4)]]
        number = 0
        while len(made) < count:
            number += 1
            if number % 3 == 0:
                made.append((b"again %d.pdf" % number, self.chance.choice(originals)))
            elif number % 3 == 1:
                made.append(self._damaged(b"damaged %d" % number, self.chance.choice(originals)))
            else:
                kinds = hostile.unknown(self.chance, number)
                name = self.chance.choice(sorted(kinds))
                made.append((b"%d " % number + name.encode(), kinds[name]))
        return made

    def _good(self, count: int) -> Iterator[tuple[bytes, bytes]]:
        """Documents of people on record and of strangers, and a batch."""
        formats = {**notes.STRUCTURED, **notes.LETTERS}
        for number in range(count):
            who = self.people[number % len(self.people)]
            suffix = self.chance.choice(sorted(notes.STRUCTURED if number < len(self.people) else formats))
            mark = f"m{number}"
            content = formats[suffix](who, mark)
            self._belongs(content, who)
            yield f"{number:03} {who.family}.{suffix}".encode(), content
        known = [who for who in self.people if who.known][:4]
        content = notes.batch(known, "batch")
        for position, who in enumerate(known):
            self._belongs(notes.hl7(who, f"batch-{position}").rstrip(), who)
        yield b"batch.hl7", content
        for number in range(6 if self.full else 0):
            content = notes.fax(self.people[number], f"fax {number}", "TIFF" if number % 2 else "PNG")
            self._belongs(content, self.people[number])
            yield b"fax %d" % number, content

    def _belongs(self, content: bytes, who: Person) -> None:
        digest = hashlib.sha256(content).hexdigest()
        self.expected.patients[digest] = who.family if who.known else ""
        if who.known:
            self.expected.good.add(digest)

    def _damaged(self, name: bytes, content: bytes) -> tuple[bytes, bytes]:
        broken = notes.damaged(content, self.chance)
        whose = self.expected.patients.get(hashlib.sha256(content).hexdigest(), "")
        self.expected.patients.setdefault(hashlib.sha256(broken).hexdigest(), whose)
        return name, broken

    def _hostile(self) -> Iterator[tuple[bytes, bytes]]:
        kinds = {**hostile.CHEAP, **hostile.COSTLY} if self.full else hostile.CHEAP
        for number, (name, make) in enumerate(kinds.items()):
            yield name.encode(), make(number)

    def _odd_names(self) -> Iterator[tuple[bytes, bytes]]:
        for number, name in enumerate(ODD_NAMES):
            yield name, b"Dear Dr. Gray, a letter under an odd name, %d" % number

    def _refused(self) -> Iterator[tuple[bytes, bytes]]:
        for number in range(3):
            yield b"empty %d.pdf" % number, b""
        yield b"large.pdf", b"%PDF-1.7" + b"x" * self.most_bytes

    def leave_alone(self) -> None:
        """What a folder also holds and nobody may take."""
        (self.folder / "secrets.txt").symlink_to("/etc/hostname")
        (self.folder / "folder.pdf").mkdir()
        os.mkfifo(self.folder / "pipe.txt")
        (self.folder / "coming.pdf.part").write_bytes(b"%PDF-1.7")
        self.expected.left |= {b"secrets.txt", b"folder.pdf", b"pipe.txt", b"coming.pdf.part"}
