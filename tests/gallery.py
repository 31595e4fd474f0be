"""The pictures of the guide's gallery, made of the demo's report in both languages: `make gallery`."""

from __future__ import annotations

import base64
import io
import sys
import tempfile
from pathlib import Path

from PIL import Image

from browsing import Browser
from helpers import language

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
SCENES = {  # name: the page, and the heading at its top
    "monday": ("index", ""),
    "segments": ("segmentation", "which-segments-do-the-scores-make"),
    "staying": ("churn", "how-long-do-customers-stay"),
    "decisions": ("experiments", "what-should-we-do"),
}
WIDE, HIGH = 760, 700
COLOURS = 48  # enough for text and lines, a third of the bytes


def picture(browser: Browser, page: Path, anchor: str) -> Image.Image:
    """What a reader sees of a page from a heading on."""
    browser.open(page)
    browser.until("document.fonts.status === 'loaded'")
    top = browser.see(f"document.getElementById({anchor!r}).getBoundingClientRect().top + scrollY") if anchor else 0
    clip = {"x": 0, "y": max(top - 12, 0), "width": WIDE, "height": HIGH, "scale": 1}
    shot = browser.do("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)
    return Image.open(io.BytesIO(base64.b64decode(shot["data"]))).convert("RGB").quantize(COLOURS)


def main(report: Path) -> None:
    """Renews the pictures from a report of the demo in both languages."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        browser = Browser(Path(profile))
        browser.do("Emulation.setDeviceMetricsOverride", width=WIDE, height=HIGH, deviceScaleFactor=1, mobile=False)
        browser.do("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "light"}])
        for name in language.LANGUAGES:
            edition = report / name if (report / name).is_dir() else report
            for scene, (page, anchor) in SCENES.items():
                shot = picture(browser, edition / f"{page}.html", anchor)
                shot.save(PICTURES / f"{scene}_{name}.png", optimize=True)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
