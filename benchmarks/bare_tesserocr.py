"""The yardstick: tesserocr alone, one process, each page as it was delivered, text only.

`--ends` puts a form feed behind each page.
"""

import sys
from pathlib import Path

import tesserocr
from PIL import Image

from ocr.tesseract import find_tessdata


def main() -> None:
    """Print the text of the pages that are named as arguments."""
    with tesserocr.PyTessBaseAPI(
        path=str(find_tessdata()),
        lang="vie",
        psm=tesserocr.PSM.AUTO,
        oem=tesserocr.OEM.LSTM_ONLY,
    ) as api:
        end = "\f" if "--ends" in sys.argv else "\n"
        for file in (argument for argument in sys.argv[1:] if argument != "--ends"):
            with Image.open(Path(file)) as page:
                api.SetImage(page)
            print(api.GetUTF8Text(), end=end)


if __name__ == "__main__":
    main()
