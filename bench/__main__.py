"""`make bench`: measure, and print the figures with the goals beside them."""

import argparse
import contextlib
import gzip
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.kills import kills
from bench.live import live
from bench.load import FIELDS, Person, Result
from bench.server import ROOT, Server
from bench.workshop import workshop

CLIENTS = 50


def say(line: str = "") -> None:
    print(line, flush=True)


def prepare(data: Path) -> list[Person]:
    """A world to measure in: fifty people, each with a filled workbook."""
    os.environ["KOERS_DATA"] = str(data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "koers.config.settings"
    begun = time.perf_counter()
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, check=True)
    say(f"migrate on an empty database     {time.perf_counter() - begun:6.1f} s      (goal: under 15)")
    from bench.world import make

    return make()


def load(server: Server, people: list[Person], path: str, seconds: float, each: int = 1) -> tuple[Result, float]:
    """One round: what the clients saw, and the server's CPU-milliseconds a request."""
    given = {"port": server.port, "path": path, "seconds": seconds, "each": each}
    asked = json.dumps({**given, "people": [asdict(person) for person in people]})
    before = server.processor_seconds()
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"], input=asked, stdout=subprocess.PIPE, text=True, cwd=ROOT, check=True
    )
    result = Result(**json.loads(done.stdout))
    return result, 1000 * (server.processor_seconds() - before) / max(result.requests, 1)


def compare(
    name: str,
    product: tuple[Server, str],
    floor: tuple[Server, str],
    people: list[Person],
    arguments: Any,
    goal: float | None,
    each: int = 1,
) -> dict[str, Any]:
    """The product and its floor in turns; medians, and the ratio of the rates pair by pair."""
    ratios, rates, floors, processor, p95 = [], [], [], [], []
    load(product[0], people, product[1], 2, each)
    load(floor[0], people, floor[1], 2, each)
    for _round in range(arguments.rounds):
        ours, cost = load(product[0], people, product[1], arguments.seconds, each)
        theirs, _cost = load(floor[0], people, floor[1], arguments.seconds, each)
        if set(ours.statuses) != {"200"}:
            raise SystemExit(f"{name}: not every request succeeded: {ours.statuses}")
        ratios.append(ours.rate / theirs.rate)
        rates.append(ours.rate)
        floors.append(theirs.rate)
        processor.append(cost)
        p95.append(ours.p95)
    median = statistics.median
    say(
        f"{name:32} {median(rates):7.0f}/s   floor {median(floors):7.0f}/s   ratio {median(ratios):5.3f}"
        f"{f' (goal {goal})' if goal else ''}   {median(processor):5.2f} CPU-ms   p95 {median(p95):6.1f} ms"
    )
    return {
        "rate": median(rates), "floor": median(floors), "ratio": median(ratios), "ratios": ratios,
        "cpu_ms": median(processor), "p95_ms": median(p95),
    }  # fmt: skip


def fetch(port: int, path: str, person: Person) -> tuple[bytes, float]:
    """A page or file as a browser gets it, compressed, and the seconds it took."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}",
        headers={"Cookie": f"sessionid={person.session}", "Accept-Encoding": "gzip", "Accept-Language": "nl"},
    )
    begun = time.perf_counter()
    with urllib.request.urlopen(request) as response:
        return response.read(), time.perf_counter() - begun


def first_load(port: int, person: Person) -> dict[str, int]:
    """Bytes of a first visit to a section page: without the editor island, and with it."""
    page, _seconds = fetch(port, f"/w/{person.workbook}/s/A.1/", person)
    html = gzip.decompress(page).decode()
    sizes = {"page": len(page)}
    assets = set(re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js|woff2))"', html))
    for asset in sorted(assets):
        body, _seconds = fetch(port, asset, person)
        sizes[asset] = len(body)
        if asset.endswith(".css"):
            text = gzip.decompress(body).decode() if body[:2] == b"\x1f\x8b" else body.decode()
            for font in sorted(set(re.findall(r"url\(([^)]+latin-wght-normal[^)]*\.woff2)\)", text)) - assets):
                address = font.strip("\"'")
                address = address if address.startswith("/") else asset.rsplit("/", 1)[0] + "/" + address
                if address not in sizes:
                    sizes[address] = len(fetch(port, address, person)[0])
    manifest = json.loads((ROOT / "src/koers/kit/static/koers/dist/manifest.json").read_text())
    island = _closure(
        manifest, next(key for key in manifest if "editor" in key and manifest[key].get("isDynamicEntry"))
    )
    without = sum(sizes.values())
    extra = sum(
        len(fetch(port, f"/static/koers/dist/{file}", person)[0])
        for file in sorted(island)
        if f"/static/koers/dist/{file}" not in sizes
    )
    say(f"first load without the editor    {without / 1000:6.1f} kB gzip (goal: under 100)")
    say(f"first load with the editor       {(without + extra) / 1000:6.1f} kB gzip (goal: under 220)")
    return {"without_editor": without, "with_editor": without + extra}


def _closure(manifest: dict[str, Any], key: str) -> set[str]:
    entry = manifest[key]
    files = {entry["file"], *entry.get("css", [])}
    for needed in entry.get("imports", []):
        files |= _closure(manifest, needed)
    return files


def exports(port: int, person: Person) -> dict[str, float]:
    """Seconds to export a full note, the median of five after one to warm up."""
    taken = {}
    for kind in ("docx", "pdf"):
        path = f"/w/{person.workbook}/note/download/{kind}/"
        fetch(port, path, person)
        seconds = statistics.median(fetch(port, path, person)[1] for _attempt in range(5))
        say(f"full note as {kind:<4}                 {seconds:6.2f} s      (goal: under 1)")
        taken[kind] = seconds
    return taken


def long_history(port: int, people: list[Person]) -> dict[str, float]:
    """Milliseconds to open a section whose field changed 10 times, and one whose field changed 10,000 times."""
    from bench.world import grow

    taken = {}
    for person, revisions in zip(people[:2], (10, 10_000), strict=True):
        grow(person, revisions)
        for path in ("/w/{}/s/A.1/", "/w/{}/history/?field=A.1/open/estimate"):
            page = path.format(person.workbook)
            fetch(port, page, person)
            seconds = statistics.median(fetch(port, page, person)[1] for _attempt in range(15))
            taken[f"{'history' if 'history' in path else 'section'}_{revisions}"] = 1000 * seconds
    for name in ("section", "history"):
        few, many = taken[f"{name}_10"], taken[f"{name}_10000"]
        say(f"{name} with 10 and 10,000 revisions  {few:6.1f} ms {many:6.1f} ms   ratio {many / few:5.2f} (goal: 1)")
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--seconds", type=float, default=5, help="length of a round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("-o", "--output", type=Path, help="write the figures as JSON")
    arguments = parser.parse_args()
    say(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory(prefix="koers-bench-") as folder:
        data = Path(folder)
        people = prepare(data)
        with contextlib.ExitStack() as running:
            product, floor_page, floor_save = (
                running.enter_context(Server(application, port, data, settings))
                for application, port, settings in (
                    ("koers.config.asgi:application", 8931, "koers.config.settings"),
                    ("koers.config.asgi:application", 8932, "bench.settings_floor"),
                    ("bench.grouped:application", 8933, "koers.config.settings"),
                )
            )
            from bench.world import queries_of

            course, section = queries_of("/w/<workbook>/", people[0]), queries_of("/w/<workbook>/s/A.1/", people[0])
            say(f"queries: course map {course}, section page {section} (goal: at most 12)")
            figures: dict[str, Any] = {"queries": {"course_map": course, "section": section}}
            figures["first_load"] = first_load(product.port, people[0])
            figures["exports"] = exports(product.port, people[0])
            figures["course_map"] = compare(
                "course map", (product, "/w/<workbook>/"), (floor_page, f"/floor/{course}/"), people, arguments, None
            )
            figures["section"] = compare(
                "section page, 43 fields", (product, "/w/<workbook>/s/A.1/"), (floor_page, f"/floor/{section}/"),
                people, arguments, 0.35,
            )  # fmt: skip
            for each in (1, len(FIELDS)):
                writers = CLIENTS * each
                figures[f"save_{writers}"] = compare(
                    f"save, {writers} writers", (product, "/w/<workbook>/save"), (floor_save, "/save"),
                    people, arguments, 0.15, each,
                )  # fmt: skip
            figures["history"] = long_history(product.port, people)
            bare = running.enter_context(Server("bench.bare_stream:application", 8935, data, "koers.config.settings"))
            figures["live"] = live(product, bare, arguments.rounds)
        figures["workshop"] = workshop(data, 1)
        figures["kills"] = kills(data, people)
    if arguments.output:
        arguments.output.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
