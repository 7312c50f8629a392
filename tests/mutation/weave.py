# SPDX-License-Identifier: Apache-2.0
"""Draws mutants, writes them into a copy of the tree, and builds it: every mutant in one build, asleep until it is called."""
import json
import os
import random
import re
import shutil
import subprocess
from pathlib import Path

from places import places_of

FOLDERS = ("lib/map", "lib/plan", "lib/sync")
TREE = (".include", "CMakeLists.txt", "LICENSE", "README.md", "apps", "examples", "lib", "tests")
HEADER = "lib/base/mutant.hpp"  # beside headers that every folder may include


def draw(top, seed):
    """One place of each mutable line, in the seed's order."""
    rng = random.Random(seed)
    lines = {}
    for folder in FOLDERS:
        for path in sorted(Path(top, folder).glob("*.?pp")):
            file = f"{folder}/{path.name}"
            for place in places_of(file, path.read_text(), rng):
                lines.setdefault((file, place.first_line), []).append(place)
    drawn = [rng.choice(lines[line]) for line in sorted(lines)]
    rng.shuffle(drawn)
    for number, place in enumerate(drawn):
        place.number = number
    return drawn


def without_shared_lines(places):
    """The places that share no line with an earlier one."""
    taken, kept = set(), []
    for place in places:
        lines = {(place.file, line) for line in range(place.first_line, place.last_line + 1)}
        if not lines & taken:
            taken |= lines
            kept.append(place)
    return kept


def woven(source, places):
    """`source` with all `places` in it; its lines keep their numbers."""
    edits = sorted((edit + (place.number,) for place in places for edit in place.edits), key=lambda e: (e[0], e[1]), reverse=True)
    for start, end, text, number in edits:
        source = source[:start] + text.replace("@", str(number)) + source[end:]
    first, rest = source.split("\n", 1)
    assert first.startswith("// SPDX")
    return "#include <blongo/base/mutant.hpp>\n" + rest


def write_if_other(path, data):
    if path.is_symlink() or not path.exists() or path.read_bytes() != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def copy_tree(top, copy, places):
    """Makes `copy` the tree of `top` with `places`; files that stay the same keep their times."""
    of_file = {}
    for place in places:
        of_file.setdefault(place.file, []).append(place)
    wanted = set()
    for name in TREE:
        root = Path(top, name)
        for path in [root] if not root.is_dir() else sorted(root.rglob("*")):
            relative = path.relative_to(top)
            target = Path(copy, relative)
            if path.is_symlink():
                wanted.add(str(relative))
                if not target.is_symlink():
                    target.parent.mkdir(parents=True, exist_ok=True)
                    os.symlink(os.readlink(path), target)
            elif path.is_file():
                wanted.add(str(relative))
                data = path.read_bytes()
                if str(relative) in of_file:
                    data = woven(data.decode(), of_file[str(relative)]).encode()
                write_if_other(target, data)
                shutil.copymode(path, target)
    write_if_other(Path(copy, HEADER), Path(top, "tests/mutation/mutant.hpp").read_bytes())
    wanted.add(HEADER)
    for name in TREE:
        for path in Path(copy, name).rglob("*"):
            if (path.is_file() or path.is_symlink()) and str(path.relative_to(copy)) not in wanted:
                path.unlink()


def configure(copy):
    build = Path(copy, "build")
    environment = dict(os.environ)
    launcher = []
    if shutil.which("ccache"):
        launcher = ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"]
        environment.setdefault("CCACHE_BASEDIR", str(copy))
        environment.setdefault("CCACHE_NOHASHDIR", "1")
    subprocess.run(["cmake", "-S", copy, "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug", *launcher],
                   check=True, stdout=subprocess.DEVNULL)
    return build, environment


def refused(output, places):
    """The places at whose lines the compiler found an error."""
    by_line = {(place.file, line): place for place in places for line in range(place.first_line, place.last_line + 1)}
    # Headers are named by the link that .include has for lib.
    errors = re.findall(r"\b(?:lib|blongo)/((?:map|plan|sync)/\w+\.[ch]pp):(\d+):\d+: error: ", output)
    bad = {by_line[where].number for where in ((f"lib/{file}", int(line)) for file, line in errors) if where in by_line}
    if not bad:
        raise SystemExit("the copy does not compile, and no mutant is to blame:\n" + output[-4000:])
    return bad


def build_mutants(top, copy, seed, count, targets, jobs, say):
    """Draws and builds until `count` places compile. Returns (build folder, the places, how many did not compile)."""
    drawn = draw(top, seed)
    say(f"seed {seed}: {len(drawn)} mutable lines in {', '.join(FOLDERS)}")
    refusals = Path(copy, "refused.json")
    refused_before = set(json.loads(refusals.read_text())) if refusals.exists() else set()
    bad = {place.number for place in drawn if place.key in refused_before}
    surplus = max(count * 6 // 5 - len(bad), count)  # most swaps are of different types: a file is built once rather than for each that is drawn again
    while True:
        alive = without_shared_lines([place for place in drawn if place.number not in bad])[:surplus]
        copy_tree(top, copy, alive)
        build, environment = configure(copy)
        log = Path(build, "ninja.log")
        with log.open("w") as out:
            done = subprocess.run(["ninja", "-C", build, "-k", "0", "-j", str(jobs), *targets(build)], env=environment,
                                  stdout=out, stderr=subprocess.STDOUT)
        if done.returncode == 0:
            return build, alive[:count], len(bad)
        found = refused(log.read_text(), alive)
        bad |= found
        refusals.write_text(json.dumps([place.key for place in drawn if place.number in bad], indent=1))
        surplus = max(surplus - len(found), count)
        say(f"{len(alive)} places woven in, {len(found)} of them do not compile")
