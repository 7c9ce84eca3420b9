"""What is vendored is what was fetched, styles hold their promises, and nothing is inline."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from tests.evidence_app.web.colours import contrast, declarations, tokens_of

PRODUCT = Path(__file__).parents[3] / "evidence_app"
STATIC = PRODUCT / "static"
TEMPLATES = sorted((PRODUCT / "templates").rglob("*.html"))
SHEETS = sorted((STATIC / "css").glob("*.css"))
SCRIPTS = sorted((STATIC / "js").glob("*.js"))
VENDORED = json.loads((STATIC / "vendor" / "vendor.json").read_text())
ACCENTS = ("forest", "ocean", "indigo", "plum", "wine", "copper", "slate")


def name_of(path: Path) -> str:
    return str(path.relative_to(PRODUCT))


@pytest.mark.parametrize("package", VENDORED, ids=lambda package: str(package["name"]))
def test_vendored_files_are_the_ones_that_were_fetched(package: dict[str, dict[str, str]]) -> None:
    for name, sha256 in package["files"].items():
        assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == sha256, name


def test_every_vendored_file_is_recorded_and_every_package_brings_its_licence() -> None:
    recorded = {name for package in VENDORED for name in package["files"]}
    on_disk = {str(path.relative_to(STATIC)) for path in (STATIC / "vendor").rglob("*") if path.is_file()}
    assert on_disk - {"vendor/vendor.json"} == {name for name in recorded if name.startswith("vendor/")}
    for package in VENDORED:
        assert any(name.endswith("/LICENSE") for name in package["files"]), package["name"]
        assert package["integrity"].startswith("sha512-")


def test_every_icon_a_template_asks_for_is_in_the_sprite() -> None:
    have = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "img" / "icons.svg").read_text()))
    asked = set()
    for path in TEMPLATES:
        text = path.read_text()
        asked |= set(re.findall(r'\bicon\("([a-z0-9-]+)"[,)]', text))
        asked |= set(re.findall(r'\bicon(?:_name)?="([a-z0-9-]+)"', text))
    assert asked
    assert asked <= have, sorted(asked - have)


@pytest.mark.parametrize("path", SHEETS, ids=name_of)
def test_styles_point_at_files_that_exist(path: Path) -> None:
    for target in re.findall(r'url\("([^"]+)"\)', path.read_text()):
        assert (path.parent / target).resolve().is_file(), target


@pytest.mark.parametrize("path", [p for p in SHEETS if p.stem not in ("tokens", "accents", "print")], ids=name_of)
def test_colours_are_written_in_the_tokens_only(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    found = [
        colour
        for line in text.splitlines()
        if not re.search(r"\.door-view|\.thumb|\.sheet img|\.exhibit img|background: #fff", line)
        for colour in re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgb\(", line)
        if colour not in ("#main",)
    ]
    assert not [colour for colour in found if colour not in ("#0c3d39", "#f3efe4", "#cfe0db")]


def test_the_devices_dark_theme_is_the_dark_theme() -> None:
    tokens = (STATIC / "css" / "tokens.css").read_text()
    assert declarations(tokens, '[data-bs-theme="dark"]') == declarations(tokens, '[data-bs-theme="auto"]')
    accents = (STATIC / "css" / "accents.css").read_text()
    for name in ACCENTS:
        dark = declarations(accents, f'[data-bs-theme="dark"][data-accent="{name}"]')
        assert dark == declarations(accents, f'[data-bs-theme="auto"][data-accent="{name}"]')


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("accent", ["teal", *ACCENTS])
def test_every_schools_colour_can_be_read(accent: str, theme: str) -> None:
    tokens = tokens_of(STATIC / "css", theme, accent)
    for ground in ("--paper", "--surface", "--sunk", "--accent-soft"):
        assert contrast(tokens["--accent"], tokens[ground]) >= 6.2, ground
        assert contrast(tokens["--ink"], tokens[ground]) >= 7, ground
        assert contrast(tokens["--ink-2"], tokens[ground]) >= 4.5, ground
    assert contrast(tokens["--accent-ink"], tokens["--accent"]) >= 7
    for step in ("--rate-1", "--rate-2", "--rate-3"):
        assert contrast(tokens["--rate-ink"], tokens[step]) >= 5, step


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_states_can_be_read_on_every_ground(theme: str) -> None:
    tokens = tokens_of(STATIC / "css", theme, "teal")
    for state in ("good", "wait", "stop", "note"):
        for ground in ("--paper", "--surface", f"--{state}-soft"):
            assert contrast(tokens[f"--{state}"], tokens[ground]) >= 5, (state, ground)
    assert contrast(tokens["--edge"], tokens["--surface"]) >= 3


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_templates_hold_nothing_inline(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
    assert not re.search(r"\sstyle\s*=", text), "an inline style is blocked by the Content-Security-Policy"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "an inline handler is blocked"
    assert not re.search(r"\shx-on|\shx-vals=[\"']js:|\sdata-hx-on", text), "htmx evaluates this, which is blocked"
    assert not re.search(r"<style\b", text)
    for script in re.findall(r"<script\b[^>]*>", text):
        assert " src=" in script, script
    assert "|safe" not in text, "markup of our own comes from macros"
    assert not re.search(r"(?:src|href)=[\"']https?:", text), "nothing is loaded from elsewhere"


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_static_files_a_template_names_exist(path: Path) -> None:
    for name in re.findall(r"static_url\('([^']+)'\)", path.read_text()):
        assert (STATIC / name).is_file(), name


@pytest.mark.parametrize("path", SCRIPTS, ids=name_of)
def test_scripts_evaluate_nothing_and_import_only_each_other(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\beval\(|new Function|setTimeout\(\s*[\"']|document\.write|insertAdjacentHTML", text)
    for name in re.findall(r'^import .*?"(.*?)";', text, flags=re.MULTILINE):
        assert (path.parent / name).is_file(), name
