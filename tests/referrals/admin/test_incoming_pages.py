"""Pages of a document: drawn in the sandbox, kept on disk, handed out to those who may see it; cut apart in a split."""

import io
from datetime import timedelta
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image, ImageSequence

from referrals.admin.incoming.splitting import ranges_from
from referrals.intake import pictures
from referrals.intake.cutting import cut_pages
from referrals.intake.parsers.protocol import Unreadable
from referrals.intake.sandbox import Answer
from referrals.models import IncomingDocument
from tests.factories import NOW, note_bytes
from tests.referrals.admin.incoming_documents import address, arrived, note
from tests.referrals.intake.parsers.making_pdf import pdf

State = IncomingDocument.State


def two_pages(salt: str = "") -> bytes:
    return pdf([(60, 60, f"First {salt}")], [(60, 60, f"Second {salt}")])


def tiff(pages: int) -> bytes:
    frames = [Image.new("1", (204, 98), number % 2) for number in range(pages)]
    out = io.BytesIO()
    frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:], compression="group4", dpi=(204, 98))
    return out.getvalue()


@pytest.fixture
def fax(world) -> IncomingDocument:
    return arrived(note(None, patients=(), pages=2), content=two_pages(), name="fax.pdf")


@pytest.fixture
def drawn(monkeypatch) -> list[int]:
    """The pages that were drawn; page 9 cannot be."""
    asked: list[int] = []

    class Draws:
        def picture(self, content: bytes, page: int) -> Answer:
            asked.append(page)
            return Answer(error="There is no such page.") if page == 9 else Answer(parts=(b"\x89PNG page",))

    monkeypatch.setattr(pictures, "_sandbox", Draws())
    return asked


def test_a_page_is_a_private_picture_drawn_once(fax, coordinator, drawn):
    for _ in range(2):
        answer = coordinator.get(address(fax, "page", number=2))
        assert (answer.status_code, answer["Content-Type"], answer.content) == (200, "image/png", b"\x89PNG page")
    assert drawn == [2]
    assert answer["Cache-Control"].startswith("private, no-store")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    kept = Path(default_storage.path(f"pages/{fax.sha256[:2]}/{fax.sha256}-2.png"))
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_page_that_cannot_be_drawn_says_why_and_is_not_tried_again(fax, coordinator, drawn):
    for _ in range(2):
        answer = coordinator.get(address(fax, "page", number=9))
        assert (answer.status_code, answer.content) == (404, b"There is no such page.")
    assert drawn == [9]
    assert coordinator.get(address(fax, "page", number=100_000)).status_code == 404
    assert drawn == [9]


def test_text_is_never_handed_out_as_a_page(coordinator, world, drawn):
    html = arrived(note(None, patients=()), content=b"<html><script>alert(1)</script></html>" + note_bytes())
    assert coordinator.get(address(html, "page", number=1)).status_code == 404
    file = coordinator.get(address(html, "file"))
    assert "attachment" in file["Content-Disposition"] and file["Content-Security-Policy"].startswith("sandbox")
    assert drawn == []


def test_old_pictures_are_thrown_away(fax, coordinator, drawn):
    coordinator.get(address(fax, "page", number=1))
    kept = Path(default_storage.path(f"pages/{fax.sha256[:2]}/{fax.sha256}-1.png"))
    assert pictures.forget_old(now=timezone.now()) == 0 and kept.exists()
    assert pictures.forget_old(now=timezone.now() + timedelta(days=31)) == 1 and not kept.exists()


def test_a_real_page_is_drawn_in_the_child(fax, coordinator):
    picture = Image.open(io.BytesIO(coordinator.get(address(fax, "page", number=1)).content))
    assert (picture.format, picture.width) == ("PNG", 1100)
    pictures._sandbox.close()


# -- split -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("starts", "pages", "ranges"),
    [([2], 2, [(1, 1), (2, 2)]), ([3, 4], 5, [(1, 2), (3, 3), (4, 5)]), ([], 3, [(1, 3)]), ([9], 3, [(1, 3)])],
)
def test_ranges(starts, pages, ranges):
    assert ranges_from(starts, pages) == ranges


def test_a_pdf_comes_apart():
    parts = cut_pages(two_pages(), [(1, 1), (2, 2)])
    texts = [[page.get_textpage().get_text_range().strip() for page in pdfium.PdfDocument(part)] for part in parts]
    assert texts == [["First"], ["Second"]]


def test_a_fax_comes_apart_and_keeps_its_resolution():
    first, rest = cut_pages(tiff(3), [(1, 1), (2, 3)])
    assert Image.open(io.BytesIO(first)).info["dpi"] == (204, 98)
    assert len(list(ImageSequence.Iterator(Image.open(io.BytesIO(rest))))) == 2


@pytest.mark.parametrize(
    ("content", "ranges"),
    [(two_pages(), [(1, 3)]), (two_pages(), [(0, 1)]), (b"plain text", [(1, 1)]), (b"%PDF-1.7 junk", [(1, 1)]), (tiff(1), [(2, 2)])],
)  # fmt: skip
def test_what_cannot_be_cut_is_refused(content, ranges):
    with pytest.raises(Unreadable):
        cut_pages(content, ranges)


def test_a_document_of_two_patients_is_split_into_documents_of_their_own(fax, coordinator):
    assert coordinator.get(address(fax, "split")).status_code == 200
    assert "Tick at least one page" in coordinator.post(address(fax, "split"), {}).content.decode()
    assert coordinator.post(address(fax, "split"), {"starts": "2"}).url == address(fax)
    fax.refresh_from_db()
    assert fax.state == State.SPLIT
    parts = list(fax.parts.order_by("pk"))
    assert [part.filename for part in parts] == ["fax (page 1).pdf", "fax (page 2).pdf"]
    assert {part.state for part in parts} == {State.WAITING}
    decision = fax.decisions.get()
    assert (decision.kind, decision.reason) == ("split", "page 1, page 2")
    body = coordinator.get(address(fax)).content.decode()
    assert "fax (page 2).pdf" in body and "undo/" in body
    assert coordinator.post(address(fax, "split"), {"starts": "2"}).status_code == 409


def test_one_page_cannot_be_split(coordinator, world):
    single = arrived(note(None, patients=(), pages=1), content=pdf([(60, 60, "Only")]), name="one.pdf")
    assert "Split pages" not in coordinator.get(address(single)).content.decode()
    assert coordinator.post(address(single, "split"), {"starts": "2"}).status_code == 409


def test_nothing_is_kept_when_there_was_no_picture_yet(world):
    assert pictures.forget_old(now=NOW) == 0
