"""What the measuring programs of this folder share: processes, generated inputs, the table."""

import json
import os
import platform
import re
import resource
import shlex
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GENERATOR = ROOT / "Benchmarks/.build/release/generate"
RARE = "1465999999999999999"  # an id that the generator writes once
LIMIT = 300  # seconds, for any one process


class Failure(Exception):
    """A command that did not end well, or an answer that differs."""


# Processes


class Outcome:
    def __init__(self, seconds, rss, output):
        self.seconds, self.rss, self.output = seconds, rss, output


def run(*command):
    """Runs a command: wall time in seconds, peak memory in bytes, standard output.

    The memory is at least that of this interpreter, some 15 MB: the kernel counts from the fork.
    """
    command = [str(word) for word in command]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as error:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=error, env=environment()
        )
        watchdog = threading.Timer(LIMIT, process.kill)
        watchdog.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        watchdog.cancel()
        process.returncode = code = os.waitstatus_to_exitcode(status)
        if code != 0:
            error.seek(0)
            reason = error.read().decode(errors="replace").strip().split("\n")[0]
            name = " ".join([Path(command[0]).name] + command[1:])
            raise Failure(f"`{name}`: " + (reason or f"exit {code}"))
        out.seek(0)
        return Outcome(seconds, usage.ru_maxrss * 1024, out.read().decode(errors="replace"))


def environment():
    kept = {k: v for k, v in os.environ.items() if not k.startswith("LOGBOOK_")}
    # lnav keeps a folder of its own in the home folder.
    return kept | {"HOME": tempfile.gettempdir(), "TZ": "UTC", "LC_ALL": "C.UTF-8"}


def seconds_of(*commands):
    """The median time of each command, by hyperfine, the commands side by side."""
    longest = max(run(*command).seconds for command in commands)
    count = 20 if longest < 1 else 3
    with tempfile.NamedTemporaryFile() as report:
        run(
            "hyperfine", "--shell=none", "--style=none", "--warmup=1", f"--runs={count}",
            f"--export-json={report.name}", *[shlex.join(map(str, c)) for c in commands],
        )
        return [result["median"] for result in json.load(open(report.name))["results"]]


def equal(what, ours, theirs):
    if ours != theirs:
        raise Failure(f"{what}: logbook says {ours}, expected was {theirs}")


# Inputs


def build_generator():
    subprocess.run(
        ["swift", "build", "-c", "release", "--package-path", ROOT / "Benchmarks"],
        check=True, stdout=sys.stderr,
    )


def generate(path, kind, *words):
    """Writes a log to `path`, whole or not at all."""
    partial = path.with_suffix(".partial")
    with open(partial, "wb") as file:
        subprocess.run([GENERATOR, kind, *map(str, words)], stdout=file, check=True)
    partial.rename(path)


def warm(path):
    with open(path, "rb", buffering=0) as file:
        block = bytearray(1 << 20)
        while file.readinto(block):
            pass


def remove_database(path):
    for file in path.parent.glob(path.name + "*"):
        file.unlink()


def size_of(database):
    return sum(path.stat().st_size for path in database.parent.glob(database.name + "*"))


# Text


def note(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def duration(seconds):
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    for cells in rows:
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


def machine():
    """What the figures were measured on, in one line."""
    models = re.findall(r"^model name\s*:\s*(.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{len(os.sched_getaffinity(0))} cores ({models[0] if models else platform.machine()}), {memory:.0f} GiB, "
        f"{platform.system()} {platform.release()}"
    )


class Load:
    """What else the machine did, by the kernel's account of processor time."""

    def __init__(self):
        self.start = self.now()

    @staticmethod
    def now():
        user, nice, system, idle, iowait, *rest = map(int, Path("/proc/stat").read_text().split("\n")[0].split()[1:])
        ours = resource.getrusage(resource.RUSAGE_CHILDREN)
        busy = (user + nice + system + sum(rest[:3])) / os.sysconf("SC_CLK_TCK")
        return busy, ours.ru_utime + ours.ru_stime, time.monotonic()

    def __str__(self):
        busy, ours, seconds = (after - before for before, after in zip(self.start, self.now()))
        return f"others used {max(0, busy - ours) / seconds:.2f} cores meanwhile"


def publish(text, page, name):
    """Prints `text`, and puts it into a page between `<!-- NAME -->` and `<!-- end -->`."""
    print(text)
    if page:
        before, mark, rest = page.read_text().partition(f"<!-- {name} -->\n")
        if not mark:
            raise Failure(f"{page} has no place for {name}")
        page.write_text(before + mark + "\n" + text + "\n\n<!-- end -->" + rest.partition("<!-- end -->")[2])
