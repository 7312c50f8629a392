# SPDX-License-Identifier: Apache-2.0
"""Runs a campaign: builds the mutants, learns which test case reaches which of them, wakes one after the other.

A mutant is caught when a test case that reaches it fails or takes several times as long as without it. Test cases that
do not reach it cannot see it and are not run. See run for the options, survivors.md for what came of it.
"""
import argparse
import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from places import KINDS
from weave import FOLDERS, build_mutants

TOP = Path(__file__).resolve().parents[2]
LABELS = {"unit", "property", "contract", "sync", "golden", "e2e", "crash"}
LEFT_OUT = {"figures", "long"}  # exact figures of the release build; hours
SHARE = "12"  # of the crash tests
LOCK = threading.Lock()


@dataclass
class TestCase:
    suite: str
    program: str
    folder: str
    name: str
    built: int  # when its program was
    seconds: float = 0
    reaches: set = field(default_factory=set)
    caught: int = 0

    @property
    def key(self):
        return f"{self.suite}: {self.name}"


def say(text):
    print(text, file=sys.stderr, flush=True)


def suites_of(build, pattern):
    """The Catch2 suites that ctest knows and whose names match, as (name, program, folder): their tests bear the names of their targets."""
    listed = json.loads(subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1"], check=True, capture_output=True).stdout)
    known = subprocess.run(["ninja", "-C", build, "-t", "targets", "all"], check=True, capture_output=True, text=True).stdout
    programs = {Path(target).name: build / target for target in re.findall(r"^(tests/\S+): CXX_EXECUTABLE", known, re.MULTILINE)}
    for test in listed["tests"]:
        properties = {p["name"]: p["value"] for p in test["properties"]}
        labels = set(properties.get("LABELS", []))
        if labels & LABELS and not labels & LEFT_OUT and test["name"] in programs and \
                re.fullmatch(pattern, test["name"]):
            yield test["name"], str(programs[test["name"]]), properties["WORKING_DIRECTORY"]


def run_case(case, limit, environment):
    """Runs one test case; returns (ended well, seconds). What is over its limit is ended, with its children."""
    name = re.sub(r'([\\",])', r"\\\1", case.name)
    begin = time.monotonic()
    process = subprocess.Popen([case.program, f'"{name}"', "--warn", "NoTests"], cwd=case.folder, start_new_session=True, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               env={**os.environ, "RC_PARAMS": "seed=1", "BLONGO_SHARE": SHARE, **environment})
    try:
        good = process.wait(limit) == 0
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        good = False
    return good, time.monotonic() - begin


def at_once(jobs, items, work):
    """Does `work` of every item, `jobs` at a time, in their order."""
    waiting = queue.SimpleQueue()
    for item in items:
        waiting.put(item)

    def worker():
        while True:
            try:
                item = waiting.get_nowait()
            except queue.Empty:
                return
            work(item)

    threads = [threading.Thread(target=worker) for _ in range(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def learn(build, jobs, suites, learned, keep):
    """Every test case with its time and what it reaches; those that fail without a mutant are told and left out.

    `learned`: what is known of test cases already, by suite and name; the rest is run and put there, and kept."""
    cases = []
    for suite, program, folder in suites_of(build, suites):
        names = subprocess.run([program, "--list-test-names-only"], cwd=folder, capture_output=True, text=True).stdout
        built = os.stat(program).st_mtime_ns
        cases += [TestCase(suite, program, folder, name, built) for name in names.splitlines() if name]
    folder = build / "seen"
    folder.mkdir(exist_ok=True)

    def look(numbered):
        number, case = numbered
        seen = folder / str(number)
        seen.unlink(missing_ok=True)
        good, seconds = run_case(case, 1800, {"BLONGO_MUTANTS_SEEN": str(seen)})
        reaches = [int(line) for line in seen.read_text().split()] if seen.exists() else []
        with LOCK:
            learned[case.key] = {"built": case.built, "good": good, "seconds": seconds, "reaches": reaches}
            keep()

    at_once(jobs, [(n, case) for n, case in enumerate(cases) if learned.get(case.key, {}).get("built") != case.built], look)
    for case in cases:
        known = learned[case.key]
        case.seconds, case.reaches = known["seconds"], set(known["reaches"])
        if not known["good"]:
            say(f"fails without a mutant, left out: {case.key}")
    return [case for case in cases if learned[case.key]["good"]]


def topics_of(name):
    """{"order", "life"} of "e2e_order_life" or "orders_life"."""
    return {word.rstrip("s") for word in name.split("_")} - {"e2e", "unit", "crash"}


def hunt(place, cases, cap):
    """Wakes the mutant in test case after test case, the quickest and the most specific first; returns what became of it."""
    reaching = [case for case in cases if place.number in case.reaches]
    if not reaching:
        return {"state": "lived", "why": "no test case reaches it"}
    topics = topics_of(Path(place.file).stem)
    reaching.sort(key=lambda case: case.seconds * (len(case.reaches) + 5) / (1 + min(case.caught, 5)) / (5 if topics & topics_of(case.suite) else 1))
    spent = 0.0
    for tried, case in enumerate(reaching):
        if spent > cap:
            return {"state": "lived", "why": f"{tried} of {len(reaching)} test cases that reach it, then the cap", "seconds": spent}
        good, seconds = run_case(case, 20 + 8 * case.seconds, {"BLONGO_MUTANT": str(place.number)})
        spent += seconds
        if not good:
            case.caught += 1
            return {"state": "caught", "by": case.key, "seconds": spent}
    return {"state": "lived", "why": f"all {len(reaching)} test cases that reach it pass", "seconds": spent}


def table(places, results):
    def row(name, chosen):
        caught = sum(results[p.key]["state"] == "caught" for p in chosen)
        return f"| {name} | {len(chosen)} | {caught} | {100 * caught / len(chosen):.1f} % |"

    yield "| what | drawn | caught | share |"
    yield "|---|---|---|---|"
    for kind in KINDS:
        if chosen := [p for p in places if p.kind == kind]:
            yield row(kind, chosen)
    for folder in FOLDERS:
        if chosen := [p for p in places if p.file.startswith(folder + "/")]:
            yield row(folder, chosen)
    yield row("all", places)


def main():
    options = argparse.ArgumentParser(prog="tests/mutation/run", description=__doc__)
    options.add_argument("--seed", type=int, default=9)
    options.add_argument("--count", type=int, default=220)
    options.add_argument("--jobs", type=int, default=1, help="programs at once, of the build and of the tests")
    options.add_argument("--cap", type=float, default=180, help="seconds of tests after which a mutant has lived")
    options.add_argument("--only", default="", help="numbers of mutants, with commas")
    options.add_argument("--suites", default=".*", help="regular expression of the suites that are run")
    options.add_argument("--resume", action="store_true", help="keep what the last campaign learned and caught")
    chosen = options.parse_args()

    copy = Path(os.environ.get("BLONGO_MUTATION_BUILD", TOP / "build-mutation"))
    copy.mkdir(parents=True, exist_ok=True)
    targets = lambda build: ["blongo", "blongo-sandbox", *(name for name, _, _ in suites_of(build, chosen.suites))]
    build, places, refused = build_mutants(TOP, copy, chosen.seed, chosen.count, targets, chosen.jobs, say)
    say(f"{len(places)} mutants compile, {refused} places did not and others were drawn for them")
    kept = build / "results.json"
    known = {"drawn": [place.key for place in places], "results": {}, "learned": {}}
    if chosen.resume and kept.exists() and (before := json.loads(kept.read_text()))["drawn"] == known["drawn"]:
        known = before
    results, learned = known["results"], known["learned"]
    keep = lambda: kept.write_text(json.dumps(known, indent=1))
    cases = learn(build, chosen.jobs, chosen.suites, learned, keep)
    say(f"{len(cases)} test cases, {sum(bool(case.reaches) for case in cases)} reach a mutant, "
        f"{sum(case.seconds for case in cases):.0f} s")
    only = {int(number) for number in chosen.only.split(",") if number}
    wanted = [p for p in places if p.number in only or (not only and results.get(p.key, {}).get("state") != "caught")]
    wanted.sort(key=lambda p: p.key in results)

    def wake(place):
        result = hunt(place, cases, chosen.cap)
        with LOCK:
            results[place.key] = {"number": place.number, **result}
            keep()
            caught = sum(r["state"] == "caught" for r in results.values())
            say(f"{caught} of {len(results)} caught; {place.number} {place.key[:160]}: {result.get('by') or 'LIVES: ' + result['why']}")

    at_once(chosen.jobs, wanted, wake)
    judged = [p for p in places if p.key in results]
    print(f"seed {chosen.seed}, {len(judged)} mutants\n")
    print("\n".join(table(judged, results)))
    print("\nThose that live:\n")
    for place in judged:
        if results[place.key]["state"] == "lived":
            print(f"* {place.number} {place.key}\n  ({results[place.key]['why']})")


if __name__ == "__main__":
    main()
