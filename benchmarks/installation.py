"""What an import and a default installation cost."""

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import measure, table

ROOT = Path(__file__).parents[1]


def section() -> str:
    """Measure `import heldout`, `heldout --version` and the size of a default installation."""
    imported = measure([sys.executable, "-c", "import heldout"], runs=5)
    shown = measure([sys.executable, "-m", "heldout", "--version"], runs=5)
    return table(
        ["what", "figure", "bound"],
        [
            ["`python -c 'import heldout'`", f"{imported.wall:.2f} s wall, {imported.cpu:.2f} s CPU", "0.5 s"],
            ["`heldout --version`", f"{shown.wall:.2f} s wall, {shown.cpu:.2f} s CPU", ""],
            ["default installation (`requirements/default.lock`)", f"{_installed_mb():.0f} MB", "600 MB"],
        ],
    )


def _installed_mb() -> float:
    with tempfile.TemporaryDirectory() as directory:
        uv = [str(Path(sys.executable).parent / "uv"), "pip", "install", "--quiet", "--target", directory]
        subprocess.run([*uv, "--require-hashes", "-r", str(ROOT / "requirements/default.lock")], check=True)
        own = sum(path.stat().st_size for path in (ROOT / "src").rglob("*") if path.is_file())
        return (own + sum(path.stat().st_size for path in Path(directory).rglob("*") if path.is_file())) / 1e6
