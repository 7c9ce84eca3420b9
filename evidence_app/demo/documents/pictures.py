"""Photographs: walls of classrooms, whiteboards, timetables and pages of student work, never twice the same."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable

from PIL import ExifTags, Image, ImageDraw, ImageFilter

from evidence_app.demo.dice import Dice, dice
from evidence_app.demo.documents.paper import typeface
from evidence_app.demo.draft import Bullets, Draft, Paragraph
from evidence_app.demo.sketch import Sketch

SIZE_PX = (1000, 750)
WORDLESS = 0.35
"""Share of photographs on which there is nothing to read."""
_WALLS = ((222, 212, 190), (205, 217, 221), (226, 221, 213), (214, 222, 205), (231, 214, 203))
_PAPERS = ((255, 250, 235), (255, 243, 176), (208, 235, 255), (219, 240, 205), (255, 221, 214), (236, 224, 250))
_PENS = ((30, 34, 40), (22, 70, 120), (120, 30, 40), (20, 90, 60))
_GPS_LATITUDE_REF, _GPS_LATITUDE, _GPS_LONGITUDE_REF, _GPS_LONGITUDE = 1, 2, 3, 4

Pen = ImageDraw.ImageDraw


def write_jpg(sketch: Sketch, draft: Draft) -> bytes:
    """The draft as a photograph with the date it was taken; half of them tell where, as phones do."""
    throws = dice("photo", sketch.seed, sketch.number)
    picture = _taken(draft, throws)
    exif = Image.Exif()
    moment = f"{sketch.written_on:%Y:%m:%d} {throws.randint(8, 16):02d}:{throws.randrange(60):02d}:00"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = moment
    if throws.random() < 0.5:
        place = exif.get_ifd(ExifTags.IFD.GPSInfo)
        place[_GPS_LATITUDE_REF], place[_GPS_LATITUDE] = "N", (54.0, 12.0, 30.0)
        place[_GPS_LONGITUDE_REF], place[_GPS_LONGITUDE] = "W", (3.0, 48.0, 10.0)
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=throws.randint(58, 74), exif=exif)
    return target.getvalue()


def write_png(sketch: Sketch, draft: Draft) -> bytes:
    """The draft as a screenshot: the same drawing with few colours."""
    picture = _taken(draft, dice("photo", sketch.seed, sketch.number))
    target = io.BytesIO()
    picture.quantize(48, dither=Image.Dither.NONE).save(target, "PNG", optimize=True)
    return target.getvalue()


def _taken(draft: Draft, throws: Dice) -> Image.Image:
    """The scene as the camera has it: a little tilted, a little dark at one side, cropped by the hand that held it."""
    lines = [line for block in draft.blocks if isinstance(block, Bullets) for line in block.lines]
    lines += [block.text for block in draft.blocks if isinstance(block, Paragraph)]
    scenes: tuple[Callable[[Image.Image, str, list[str], Dice], None], ...] = (_wall, _board, _grid, _page)
    scene = throws.choices(scenes, weights=(52, 24, 6, 18))[0]
    title = draft.title
    if throws.random() < WORDLESS:
        scene, title, lines = _wall, "", []
    ground = throws.choice(_WALLS) if scene is not _board else (244, 246, 245)
    picture = Image.new("RGB", SIZE_PX, ground)
    scene(picture, title, lines, throws)
    picture = picture.rotate(throws.uniform(-1.6, 1.6), fillcolor=ground, resample=Image.Resampling.BICUBIC)
    shade = Image.linear_gradient("L").rotate(throws.choice((0, 90, 180, 270))).resize(SIZE_PX)
    picture = Image.composite(picture, picture.point(lambda value: value * 0.8), shade)
    left, top = throws.randint(5, 40), throws.randint(5, 30)
    picture = picture.crop((left, top, SIZE_PX[0] - throws.randint(5, 40), SIZE_PX[1] - throws.randint(5, 30)))
    return picture.filter(ImageFilter.GaussianBlur(throws.uniform(0.2, 0.7)))


def _wall(picture: Image.Image, title: str, lines: list[str], throws: Dice) -> None:
    """A display: a banner, and sheets of paper pinned below it."""
    pen = ImageDraw.Draw(picture)
    pen.rectangle((60, 40, 940, 130), fill=throws.choice(_PAPERS), outline=(120, 110, 100))
    if not title:
        for x in range(60, 820, 190):
            _doodle(pen, x, 10, throws)
    pen.text((90, 62), textwrap.shorten(title, 46, placeholder=" …"), font=typeface(32, bold=True), fill=_PENS[0])
    for number in range(6):
        x, y = 70 + number % 3 * 300 + throws.randint(-8, 8), 170 + number // 3 * 270 + throws.randint(-8, 8)
        pen.rectangle((x, y, x + 260, y + 230), fill=throws.choice(_PAPERS), outline=(150, 140, 130))
        pen.ellipse((x + 122, y + 6, x + 136, y + 20), fill=(190, 60, 50))
        if number < len(lines):
            text = textwrap.fill(lines[number], 19)
            pen.text((x + 18, y + 40), text, font=typeface(21), fill=throws.choice(_PENS), spacing=8)
        else:
            _doodle(pen, x, y, throws)


def _board(picture: Image.Image, title: str, lines: list[str], throws: Dice) -> None:
    """A whiteboard after a meeting."""
    pen = ImageDraw.Draw(picture)
    pen.rectangle((20, 20, 980, 730), outline=(150, 155, 160), width=10)
    pen.text((70, 60), textwrap.fill(title, 44), font=typeface(30, bold=True), fill=_PENS[1])
    for number, line in enumerate(lines):
        pen.text((110, 190 + number * 92), "- " + textwrap.fill(line, 48), font=typeface(25), fill=throws.choice(_PENS))
    pen.line((70, 150, throws.randint(500, 900), 150 + throws.randint(-6, 6)), fill=_PENS[2], width=4)


def _grid(picture: Image.Image, title: str, lines: list[str], throws: Dice) -> None:
    """A timetable on a door."""
    pen = ImageDraw.Draw(picture)
    pen.rectangle((70, 40, 930, 710), fill=(253, 253, 250), outline=(120, 120, 120))
    pen.text((100, 60), textwrap.shorten(title, 50, placeholder=" …"), font=typeface(26, bold=True), fill=_PENS[0])
    for row in range(6):
        for column in range(5):
            x, y = 100 + column * 164, 130 + row * 92
            pen.rectangle((x, y, x + 156, y + 84), fill=throws.choice(_PAPERS), outline=(170, 170, 170))
    for number, line in enumerate(lines[:5]):
        where = (108 + number * 164, 140 + throws.randrange(5) * 92)
        pen.text(where, textwrap.fill(line, 15), font=typeface(15), fill=_PENS[0])


def _page(picture: Image.Image, title: str, lines: list[str], throws: Dice) -> None:
    """A sheet of student work on a desk, its name covered."""
    pen = ImageDraw.Draw(picture)
    pen.rectangle((190, 20, 820, 740), fill=(254, 253, 248), outline=(160, 150, 140))
    for y in range(120, 720, 34):
        pen.line((210, y, 800, y), fill=(190, 205, 225))
    pen.rectangle((600, 36, 790, 66), fill=(40, 40, 40))
    pen.text((220, 78), textwrap.shorten(title, 40, placeholder=" …"), font=typeface(24, bold=True), fill=_PENS[0])
    y = 128
    ink = throws.choice(_PENS)
    for line in lines:
        for folded in textwrap.wrap(line, 40):
            pen.text((225, y), folded, font=typeface(22), fill=ink)
            y += 34
        y += 34


def _doodle(pen: Pen, x: int, y: int, throws: Dice) -> None:
    """A child's drawing of something round and something angular."""
    for _ in range(throws.randint(2, 4)):
        left, top = x + throws.randint(20, 130), y + throws.randint(40, 110)
        box = (left, top, left + throws.randint(30, 90), top + throws.randint(30, 80))
        draw = pen.ellipse if throws.random() < 0.5 else pen.rectangle
        draw(box, fill=throws.choice(_PAPERS), outline=throws.choice(_PENS), width=3)
