"""QR and bar codes on a page image."""

import numpy as np
import zxingcpp


def payloads(grey: np.ndarray) -> tuple[str, ...]:
    """The texts of the codes on the page, in any orientation."""
    return tuple(dict.fromkeys(code.text for code in zxingcpp.read_barcodes(grey) if code.text))
