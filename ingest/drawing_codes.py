"""Draws a QR code: the same writer that reads them."""

from io import BytesIO

import numpy as np
import zxingcpp
from PIL import Image

_MODULE_PX = 5


def draw_qr_code(content: str) -> tuple[bytes, int]:
    """Return a QR code as PNG with its quiet zone, black on white, and its width in px."""
    barcode = zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.QRCode)
    picture = Image.fromarray(np.asarray(barcode.to_image(scale=_MODULE_PX, add_quiet_zones=True)))
    stream = BytesIO()
    picture.convert("1").save(stream, "PNG")
    return stream.getvalue(), picture.width
