"""Small PDFs written by hand, for tests."""

from PIL import Image

# What turns writing against the page's own turn, for text in the upper left square of the page.
_FRAMES = {0: "", 90: "0 1 -1 0 792 0 cm ", 180: "-1 0 0 -1 612 792 cm ", 270: "0 -1 1 0 -180 612 cm "}


def pdf(*pages: list[tuple], fields: tuple[tuple[float, float, str, str], ...] = (), scans: tuple[Image.Image, ...] = (), turned: int = 0) -> bytes:  # fmt: skip
    """Pages of (x, y, text) or (x, y, text, size) in points from the top left of letter paper, form ``fields`` (x, y, name, value) on the

    first page, and pages that are full of one grey image. Text is written so that it is level on pages ``turned`` by

    90, 180 or 270 degrees."""
    objects: list[bytes] = [b"", b"", b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"]
    kids, widgets = [], []
    for x, y, name, value in fields:
        box = f"[{x} {792 - y} {x + 200} {792 - y + 14}]"
        objects.append(
            f"<</Type/Annot/Subtype/Widget/FT/Tx/T({name})/V({value})/Rect{box}/DA(/F1 11 Tf 0 g)>>".encode()
        )
        widgets.append(len(objects))
    for number, texts in enumerate(pages):
        frame = _FRAMES[turned]
        drawn = frame + " ".join(
            f"BT /F1 {size[0] if size else 11} Tf {x} {792 - y} Td ({_escaped(text)}) Tj ET"
            for x, y, text, *size in texts
        )
        notes = "/Annots[" + " ".join(f"{widget} 0 R" for widget in widgets) + "]" if number == 0 else ""
        notes += f"/Rotate {turned}" if turned else ""
        kids.append(_page(objects, drawn.encode("cp1252"), "/Font<</F1 3 0 R>>", notes))
    for scan in scans:
        grey = scan.convert("L")
        head = f"<</Type/XObject/Subtype/Image/Width {grey.width}/Height {grey.height}/ColorSpace/DeviceGray/BitsPerComponent 8/Length {grey.width * grey.height}>>"
        objects.append(head.encode() + b"\nstream\n" + grey.tobytes() + b"\nendstream")
        kids.append(_page(objects, b"612 0 0 792 0 0 cm /I Do", f"/XObject<</I {len(objects)} 0 R>>", ""))
    form = (
        "/AcroForm<</Fields[" + " ".join(f"{widget} 0 R" for widget in widgets) + "]/DR<</Font<</F1 3 0 R>>>>>>"
        if widgets
        else ""
    )
    objects[0] = f"<</Type/Catalog/Pages 2 0 R{form}>>".encode()
    objects[1] = f"<</Type/Pages/Kids[{' '.join(f'{kid} 0 R' for kid in kids)}]/Count {len(kids)}>>".encode()
    return _file(objects)


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _page(objects: list[bytes], content: bytes, resources: str, more: str) -> int:
    objects.append(f"<</Length {len(content)}>>\nstream\n".encode() + content + b"\nendstream")
    page = (
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents {len(objects)} 0 R/Resources<<{resources}>>{more}>>"
    )
    objects.append(page.encode())
    return len(objects)


def _file(objects: list[bytes]) -> bytes:
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    return (
        out
        + f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF\n".encode()
    )
