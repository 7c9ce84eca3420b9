"""Build the wheel, look at what is in it, install it into an empty environment and use it outside the checkout.

python tools/smoke_wheel.py
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OURS = {"evidence_app", "exports", "standards", "storage_adapters"}


def main() -> None:
    """Exit status 0 when the built wheel works; an assertion or a failed command otherwise."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(place), str(ROOT)])
        (wheel,) = place.glob("*.whl")
        check_contents(wheel)
        evidence = install(wheel, place / "venv")
        use(evidence, place)
    print("the wheel works")


def check_contents(wheel: Path) -> None:
    """The wheel holds our four packages and its own metadata, with the data files they need."""
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.partition("/")[0] for name in names}
    packages = {top for top in tops if not top.endswith(".dist-info")}
    assert packages == OURS, f"the wheel holds {sorted(packages)}, not {sorted(OURS)}"
    for needed in (
        "standards/data/ib-psp-2020.yaml",
        "exports/layouts/base.docx",
        "evidence_app/static/vendor/vendor.json",
        "evidence_app/templates/_layout/base.html",
        "evidence_app/migrations/versions/0001_the_first_schema.py",
    ):
        assert needed in names, f"the wheel lacks {needed}"


def install(wheel: Path, place: Path) -> Path:
    """The command `evidence` of an environment that holds the wheel and its locked dependencies, nothing else."""
    venv.create(place, with_pip=True)
    python = place / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*pip, "--require-hashes", "-r", str(ROOT / "requirements" / "demo.lock")])
    run([*pip, "--no-deps", str(wheel)])
    return place / "bin" / "evidence"


def use(evidence: Path, place: Path) -> None:
    """Init, a small demo school, a search and a compiled document, far from the checkout."""
    environment = {**os.environ, "EVIDENCE_HOME": str(place / "home"), "PYTHONPATH": ""}
    work = place / "elsewhere"
    work.mkdir()

    def call(*words: str) -> str:
        return run([str(evidence), *words], cwd=work, env=environment)

    call("init")
    demo = json.loads(call("demo", "--documents", "40", "--no-serve", "--json"))
    coordinator = demo["people"]["coordinator"]["email"]
    found = json.loads(call("search", "policy", "--as", coordinator, "--json"))
    assert found["total"] > 0, "the demo school's policies are not found"
    answer = json.loads(
        call("compile", demo["evaluation"], "--format", "docx", "--out", "study.docx", "--as", coordinator, "--json")
    )
    assert (work / "study.docx").stat().st_size > 20_000, answer
    verdict = json.loads(call("verify", "--json"))
    assert verdict["clean"], verdict["findings"]


def run(command: list[str], *, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    """What the command printed; on failure everything it said, and this program ends."""
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)} ended with {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-6000:]}")
    return done.stdout


if __name__ == "__main__":
    main()
