"""Files of every kind come into a watched folder while its watcher and two readers are killed: each ends exactly once.

``REFLOOP_INTAKE_FILES=500 REFLOOP_KILLS=60`` in front makes it the whole of it, with costly bombs and faxes; ``-s``
shows the figures."""

import os
import random
import signal
import time
from collections import Counter
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from tests.concurrency.forking import Forker
from tests.concurrency.processes import test_database_url as database_url
from tests.intake_torture.fill import Expected, Filler
from tests.intake_torture.notes import Person

FILES = int(os.environ.get("REFLOOP_INTAKE_FILES", "70"))
FULL = FILES >= 200
KILLS = int(os.environ.get("REFLOOP_KILLS", "40" if FULL else "8"))
LEASE = 25.0 if FULL else 3.0  # seconds
DRAIN_SECONDS = 900 if FULL else 60
FINAL = {"matched", "review", "rejected", "split"}
MOST_BYTES = 25 * 1024**2 if FULL else 5 * 1024**2


class Processes(Forker):
    """The process of process.py, and the watcher and readers it forks."""

    def __init__(self, url: str, folder: Path):
        self.folder = folder
        environment = {
            "REFLOOP_DATA_DIR": str(folder.parent),
            "REFLOOP_DOCUMENT_MAX_MB": str(MOST_BYTES // 1024**2),
        }
        super().__init__("tests.intake_torture.process", url, **environment)
        self.running: dict[str, int] = {}
        self.peaks: Counter = Counter()  # MB by kind of process, as far as it was looked at

    def __exit__(self, *exception) -> None:
        for name in list(self.running):
            with suppress(ProcessLookupError):
                self.kill(name)
        super().__exit__(*exception)

    def start(self, name: str) -> None:
        what = name.split()[0]
        self.running[name] = self.do(what, folder=str(self.folder), every=0.2, lease=LEASE)

    def kill(self, name: str) -> None:
        os.killpg(self.running.pop(name), signal.SIGKILL)

    def measure(self) -> None:
        """Note how much memory watcher, readers and the readers' children have needed so far, where that is known."""
        for name, pid in self.running.items():
            kind = name.split()[0]
            self.peaks[kind] = max(self.peaks[kind], peak(pid))
            for child in children(pid):
                self.peaks["child"] = max(self.peaks["child"], peak(child))

    def alive(self, name: str) -> bool:
        with suppress(ProcessLookupError):
            os.kill(self.running[name], 0)
            return True
        return False


def torment(running: Processes, filler: Filler, kills: int) -> None:
    """Files come in batches; after each one of the processes is killed and another started."""
    names, total = list(running.running), len(filler.files)
    chance = random.Random()
    for _ in range(kills):
        filler.some(1 / kills, total)
        time.sleep(chance.uniform(0.1, 1.2 if not FULL else 4.0))
        running.measure()
        victim = chance.choice(names)
        running.kill(victim)
        running.start(victim)
    filler.some(1.0, total)


def drained(running: Processes, expected: Expected) -> None:
    """Returns when the folder is empty and nothing waits; fails after DRAIN_SECONDS, or when a process ended by itself."""
    ends_at = time.monotonic() + DRAIN_SECONDS
    left = expected.left | {b"done", b"rejected"}
    while time.monotonic() < ends_at:
        here = set(os.listdir(os.fsencode(running.folder))) - left
        state = running.do("state")
        running.measure()
        assert all(running.alive(name) for name in running.running), "a process ended by itself"
        if not here and set(state) <= FINAL:
            return
        time.sleep(0.3)
    raise AssertionError(f"not drained: {len(here)} files, {state}")


def check_folder(folder: Path, expected: Expected) -> None:
    """Each file is in ``done``, or in ``rejected`` with a reason."""
    assert {os.fsencode(path.name) for path in folder.iterdir()} - {b"done", b"rejected"} == expected.left
    done = [path for path in (folder / "done").rglob("*") if path.is_file()]
    rejected = [path for path in (folder / "rejected").rglob("*") if path.is_file()]
    reasons = {path for path in rejected if path.name.endswith(".reason.txt")}
    refused = [path for path in rejected if path not in reasons]
    assert len(done) + len(refused) == expected.files
    assert {os.fsencode(path.name) for path in refused} == expected.refused
    assert {path.with_name(f"{path.name}.reason.txt") for path in refused} == reasons
    assert all(path.read_text().strip() for path in reasons)


def check_documents(outcome: dict, expected: Expected) -> Counter:
    """Each content is one document that ended, what was matched is on one referral of the right patient, once."""
    whole = [one for one in outcome["documents"] if not one["part"]]
    assert Counter(one["sha256"] for one in whole) == Counter(expected.contents)
    assert {one["state"] for one in outcome["documents"]} <= FINAL
    assert all(one["because"] for one in outcome["documents"] if one["state"] == "review")
    assert all(one["arrivals"] for one in outcome["documents"])
    decided = {one["sha256"]: one for one in outcome["decisions"]}
    assert len(decided) == len(outcome["decisions"])
    assert decided.keys() == {one["sha256"] for one in outcome["documents"] if one["state"] == "matched"}
    assert sorted(outcome["split"]) == sorted(one["sha256"] for one in outcome["documents"] if one["state"] == "split")
    for sha256, one in decided.items():
        whose = expected.patients.get(sha256, one["named"])  # messages of a damaged batch say it themselves
        assert one["family"] == whose, "a document is on a wrong patient's referral"
        assert (one["on"], one["bytes"]) == (one["referral"], sha256)
    assert sorted(one["version"] for one in decided.values()) == sorted(outcome["versions"])
    for referral in outcome["referrals"]:
        assert referral["versions"] == sorted(set(referral["versions"]))
        kinds = Counter(referral["kinds"])
        assert kinds["closed"] <= 1 and kinds["note_returned"] <= 1
        assert (referral["status"] == "closed") == bool(kinds["closed"])
    return Counter(one["state"] for one in outcome["documents"])


def check(url: str, tmp_path: Path, *, readers: int, kills: int) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    with Processes(url, folder) as running:
        if url.startswith("sqlite"):
            running.do("migrate")
        people = [
            Person(**who | {"birth": date.fromisoformat(who["birth"]), "visit": date.fromisoformat(who["visit"])})
            for who in running.do("prepare", people=60 if FULL else 10)
        ]
        filler = Filler(folder, people, count=FILES, seed=7, full=FULL, most_bytes=MOST_BYTES)
        filler.leave_alone()
        began = time.monotonic()
        for name in ("watch", *(f"read {number}" for number in range(readers))):
            running.start(name)
        torment(running, filler, kills)
        tormented = time.monotonic() - began
        drained(running, filler.expected)
        seconds = time.monotonic() - began
        outcome = running.do("outcome")
    check_folder(folder, filler.expected)
    states = check_documents(outcome, filler.expected)
    good = [one for one in outcome["documents"] if one["sha256"] in filler.expected.good]
    assert sum(one["state"] == "matched" for one in good) >= len(good) / 4, (
        "hardly anything was matched: this shows nothing"
    )
    assert not Path("/tmp/refloop-was-here").exists()
    errors = Counter(one["error"] or one["because"] for one in outcome["documents"] if one["state"] == "review")
    print(  # noqa: T201  (shown with -s)
        f"\n{filler.expected.files} files, {kills} kills in {tormented:.0f} s, all over after {seconds:.0f} s: {dict(states)}, "
        f"tried again: {sum(one['attempts'] > 1 for one in outcome['documents'])}, peak MB {dict(running.peaks)}\n"
        + "\n".join(f"{count:5} {words}" for words, count in errors.most_common())
    )


def children(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def peak(pid: int) -> int:
    """Largest resident memory in MB so far; 0 where that is not known."""
    with suppress(OSError, IndexError):
        return int(Path(f"/proc/{pid}/status").read_text().split("VmHWM:")[1].split()[0]) // 1024
    return 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_killed_on_postgresql(tmp_path):
    check(database_url(), tmp_path, readers=2, kills=KILLS)


@pytest.mark.sqlite
def test_killed_on_sqlite(tmp_path):
    check(f"sqlite:///{tmp_path / 'killed.sqlite3'}", tmp_path, readers=1, kills=max(3, KILLS // 4))
