"""The QR code of a referral number: plain text, so that any reader gives the number."""


def modules(number: str) -> list[list[bool]]:
    """Rows of dark (True) modules without the quiet zone. A third of it may be lost and it still reads."""
    import qrcode

    made = qrcode.QRCode(border=0, error_correction=qrcode.constants.ERROR_CORRECT_H)
    made.add_data(number)
    return made.get_matrix()
