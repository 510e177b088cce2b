#!/usr/bin/env python3
"""Times reprogate beside its neighbours and beside the floor, in one run, and writes docs/performance.md.

  scripts/bench.py [--mirror DIR --labels FILE.csv] [--part NAME]... [--rounds N] [--write docs/performance.md]

The neighbours come from their registries into target/bench: rrdoctor and adduce (PyPI), mllint (the executable in its
PyPI wheel) and repolinter (npm). Rounds are interleaved, so that whatever else the machine does hits all alike; figures
are medians of wall time and the system's own peak resident memory of each process.

Parts, all of them unless some are named: `neighbours` (the example project; with --mirror three repositories, beside the
floor as well), `growth` (synthetic trees), `api` (a local GitHub with latency), `stages` (criterion), `profile` (choices of
the release profile, each a build of its own in a folder under target/bench), `many` (with --mirror and --labels: every
repository of a CSV file with the columns repo and sha, bare, one process each). A part that is measured again replaces its
own section and leaves the others as they are. Standard library only.
"""

import argparse
import csv
import glob
import gzip
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile

TARGET = os.environ.get("CARGO_TARGET_DIR", "target")
TOOLS = "target/bench"
BINARY = f"{TARGET}/release/reprogate"
PLANNED = f"{TARGET}/release/examples/planned"
NEIGHBOURS = {"rrdoctor": "0.2.24", "adduce": "0.2.0", "mllint": "0.12.2", "repolinter": "0.12.0"}
SIZES = {
    "small": "yahoo/ml-reproducibility-guidelines",
    "middle": "AliaksandrSiarohin/first-order-model",
    "large": "Microsoft/EconML",
}


def quiet(*command, **options):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **options)


def build():
    quiet("cargo", "build", "--quiet", "--release", "--locked", "--bin", "reprogate", "--example", "planned")


def install():
    """Brings the neighbours; what is there already is kept."""
    os.makedirs(TOOLS, exist_ok=True)
    python = f"{TOOLS}/venv/bin/python"
    if not os.path.exists(python):
        quiet(sys.executable, "-m", "venv", f"{TOOLS}/venv")
    for name in ("rrdoctor", "adduce"):
        if not os.path.exists(f"{TOOLS}/venv/bin/{name}"):
            quiet(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"{name}=={NEIGHBOURS[name]}")
    if not os.path.exists(f"{TOOLS}/mllint"):
        # Its wheels are for older interpreters, and its source builds with a Go toolchain; the executable is in the wheel.
        with tempfile.TemporaryDirectory() as folder:
            quiet(python, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--python-version", "39",
                  f"mllint=={NEIGHBOURS['mllint']}", "--dest", folder)
            with zipfile.ZipFile(glob.glob(f"{folder}/*.whl")[0]) as wheel, open(f"{TOOLS}/mllint", "wb") as file:
                file.write(wheel.read("mllint/mllint-exe"))
        os.chmod(f"{TOOLS}/mllint", 0o755)
    if not os.path.exists(f"{TOOLS}/node_modules/.bin/repolinter"):
        quiet("npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix", TOOLS, f"repolinter@{NEIGHBOURS['repolinter']}")


def timed(command, **options):
    """Wall seconds and peak resident KiB of one process."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return time.perf_counter() - start, usage.ru_maxrss, process.returncode


def commands(checkout):
    return {
        "reprogate": [BINARY, "check", checkout, "--format", "json"],
        "rrdoctor": [f"{TOOLS}/venv/bin/rrdoctor", "scan", checkout],
        "adduce": [f"{TOOLS}/venv/bin/adduce", "check", checkout],
        "mllint": [os.path.abspath(f"{TOOLS}/mllint"), "run", checkout],
        "repolinter": [f"{TOOLS}/node_modules/.bin/repolinter", "lint", "--dryRun", checkout],
    }


def rounds_of(named, rounds, before=None):
    """Medians of seconds and KiB by name; the first round warms the caches and is dropped."""
    taken = {name: [] for name in named}
    for turn in range(rounds + 1):
        for name, command in named.items():
            if before:
                before()
            seconds, memory, code = timed(command)
            # Exit codes above 1 are failures to run, not findings.
            if code not in (0, 1):
                raise RuntimeError(f"{name} ended with {code}: {' '.join(command)}")
            if turn:
                taken[name].append((seconds, memory))
    return {name: tuple(statistics.median(values) for values in zip(*pairs)) for name, pairs in taken.items()}


def neighbours_table(checkout, rounds):
    medians = rounds_of(commands(checkout), rounds)
    ours = medians["reprogate"][0]
    lines = ["| tool | median | times ours | peak memory |", "|---|---|---|---|"]
    for name, (seconds, memory) in medians.items():
        version = NEIGHBOURS.get(name)
        lines.append(f"| {name}{' ' + version if version else ''} | {1000 * seconds:.1f} ms | {seconds / ours:.1f} | {memory / 1024:.1f} MiB |")
    return "\n".join(lines)


def floor_table(clone, revision, rounds):
    """The same repository, bare: ours, git's own listing and reading of the same blobs, and reading the same files."""
    planned = subprocess.run([PLANNED, clone, revision], capture_output=True, text=True, check=True).stdout.splitlines()
    blobs = [line.split(" ", 2) for line in planned]
    with tempfile.TemporaryDirectory() as folder:
        ids = os.path.join(folder, "ids")
        with open(ids, "w") as file:
            file.write("".join(f"{blob[0]}\n" for blob in blobs))
        copies = os.path.join(folder, "copies")
        os.makedirs(copies)
        for index, blob in enumerate(blobs):
            with open(os.path.join(copies, str(index)), "wb") as file:
                subprocess.run(["git", "-C", clone, "cat-file", "blob", blob[0]], stdout=file, check=True)
        git = f"git -C '{clone}' ls-tree -r -l {revision} > /dev/null && git -C '{clone}' cat-file --batch < '{ids}' > /dev/null"
        medians = rounds_of({
            "reprogate, from the bare clone": [BINARY, "check", clone, "--rev", revision, "--format", "json"],
            "git ls-tree and git cat-file --batch": ["sh", "-c", git],
            "reading the same files": ["sh", "-c", f"cat '{copies}'/* > /dev/null"],
        }, rounds)
    floor = medians["git ls-tree and git cat-file --batch"][0]
    size = sum(int(blob[1]) for blob in blobs)
    lines = [f"{len(blobs)} files, {size / 1e6:.1f} MB are read.\n", "| | median | times git | peak memory |", "|---|---|---|---|"]
    lines += [f"| {name} | {1000 * s:.1f} ms | {s / floor:.2f} | {m / 1024:.1f} MiB |" for name, (s, m) in medians.items()]
    return "\n".join(lines)


def clone_of(mirror, repo):
    path = os.path.join(mirror, repo.replace("/", "+"), "repo")
    return path if os.path.isdir(path) else None


def check_out(clone, folder):
    """A work tree of a clone's HEAD. Clones may lack blobs that no tool here reads (pictures): those files are empty."""
    quiet("git", "clone", "-q", "--no-checkout", clone, folder)
    listed = subprocess.run(["git", "-C", folder, "ls-tree", "-r", "-z", "HEAD"], capture_output=True, check=True).stdout
    entries = [line.split(b"\t", 1) for line in listed.split(b"\0") if line]
    files = [(meta.split()[0], meta.split()[2], path.decode()) for meta, path in entries if meta.split()[1] == b"blob"]
    # Nothing is fetched for what is missing.
    environment = {**os.environ, "GIT_NO_LAZY_FETCH": "1"}
    with subprocess.Popen(["git", "-C", clone, "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, env=environment) as batch:
        for mode, blob, path in files:
            batch.stdin.write(blob + b"\n")
            batch.stdin.flush()
            header = batch.stdout.readline().split()
            content = batch.stdout.read(int(header[2]) + 1)[:-1] if len(header) == 3 else b""
            target = os.path.join(folder, path)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            if mode == b"120000":
                os.symlink(content or b".", target)
                continue
            with open(target, "wb") as file:
                file.write(content)
            if mode == b"100755":
                os.chmod(target, 0o755)
        batch.stdin.close()
    quiet("git", "-C", folder, "reset", "-q")


def api_table():
    """The Action against the test suite's GitHub, with injected latency."""
    done = subprocess.run(["cargo", "bench", "--quiet", "--locked", "--bench", "api"], capture_output=True, text=True, check=True)
    return "\n".join(line for line in done.stdout.splitlines() if line.startswith("|"))


def every_repository(options):
    with open(options.labels) as file:
        rows = [(clone_of(options.mirror, row["repo"]), row["sha"]) for row in csv.DictReader(file)]
    commands = [[BINARY, "check", clone, "--rev", sha, "--format", "json"] for clone, sha in rows if clone]
    for command in commands:
        timed(command)
    taken = [timed(command) for command in commands]
    seconds = [second for second, _, _ in taken]
    return (f"{len(taken)} repositories, bare, one process each: {1000 * statistics.mean(seconds):.1f} ms on average, "
            f"{1000 * statistics.median(seconds):.1f} ms in the middle, {1000 * max(seconds):.1f} ms at most; "
            f"at most {max(memory for _, memory, _ in taken) / 1024:.1f} MiB.")


def synthetic(rounds):
    """Trees of 1,000 to 100,000 files, 2,000 of them read at most."""
    lines = ["| files | read | median | peak memory |", "|---|---|---|---|"]
    text = open("examples/project/train.py").read()
    for count in (1_000, 10_000, 100_000):
        with tempfile.TemporaryDirectory() as folder:
            stream = ["commit refs/heads/main\ncommitter t <t@example.org> 0 +0000\ndata 0\n"]
            read = 0
            for index in range(count):
                wanted = read < 2_000 and index % 3 == 0
                read += wanted
                path = f"src/part{index % 40}/module{index}.py" if wanted else f"data/part{index % 400}/sample{index}.png"
                body = f"# {index}\n{text}" if wanted else ""
                stream.append(f"M 100644 inline {path}\ndata {len(body.encode())}\n{body}\n")
            quiet("git", "init", "-q", "--bare", folder)
            subprocess.run(["git", "-C", folder, "fast-import", "--quiet"], input="".join(stream).encode(), check=True)
            medians = rounds_of({"ours": [BINARY, "check", folder, "--rev", "main", "--format", "json"]}, rounds)
            seconds, memory = medians["ours"]
            lines.append(f"| {count:,} | {read:,} | {1000 * seconds:.0f} ms | {memory / 1024:.1f} MiB |")
    return "\n".join(lines)


def stages_table():
    """Criterion's estimates, in the order of the benches."""
    done = subprocess.run(["cargo", "bench", "--quiet", "--locked", "--bench", "stages", "--", "--noplot"], capture_output=True,
                          text=True, check=True)
    lines, name = ["| stage | estimate | from | to |", "|---|---|---|---|"], ""
    for line in done.stdout.splitlines():
        before, found, estimates = line.partition("time:")
        if not found:
            name = line.strip() or name
            continue
        low, low_unit, middle, middle_unit, high, high_unit = estimates.strip(" []").split()
        lines.append(f"| {before.strip() or name} | {middle} {middle_unit} | {low} {low_unit} | {high} {high_unit} |")
    return "\n".join(lines)


PROFILES = {
    "as it is: fat LTO, one unit, abort": {},
    "thin LTO": {"LTO": "thin"},
    "no LTO, 16 units": {"LTO": "off", "CODEGEN_UNITS": "16"},
    "unwinding": {"PANIC": "unwind"},
    "optimised for size": {"OPT_LEVEL": "s"},
}


def profile_table(checkout, rounds):
    """Builds with other settings beside the one that is released."""
    binaries = {}
    for name, settings in PROFILES.items():
        folder = f"{TOOLS}/profiles/{name.replace(' ', '-').replace(',', '').replace(':', '')}"
        environment = {f"CARGO_PROFILE_RELEASE_{key}": value for key, value in settings.items()}
        quiet("cargo", "build", "--quiet", "--release", "--locked", "--bin", "reprogate", "--target-dir", folder,
              env={**os.environ, **environment})
        binaries[name] = [f"{folder}/release/reprogate", "check", checkout, "--format", "json"]
    medians = rounds_of(binaries, rounds)
    # Behind the rounds: what this process holds counts for those that it starts.
    sizes = {}
    for name, (binary, *_) in binaries.items():
        with open(binary, "rb") as file:
            content = file.read()
        sizes[name] = (len(content), len(gzip.compress(content, 9)))
    lines = ["| profile | median | peak memory | executable | compressed |", "|---|---|---|---|---|"]
    for name, (seconds, memory) in medians.items():
        size, packed = sizes[name]
        lines.append(f"| {name} | {1000 * seconds:.1f} ms | {memory / 1024:.1f} MiB | {size / 1e6:.1f} MB | {packed / 1e6:.1f} MB |")
    return "\n".join(lines)


def neighbours_part(options):
    install()
    pieces = []
    targets = {"the example project": None}
    if options.mirror:
        targets = {f"{size}: {repo}": repo for size, repo in SIZES.items()}
    with tempfile.TemporaryDirectory() as folder:
        for title, repo in targets.items():
            checkout = os.path.join(folder, "checkout")
            if repo is None:
                shutil.copytree("examples", checkout)
            else:
                clone = clone_of(options.mirror, repo)
                if clone is None:
                    print(f"{repo} is not in {options.mirror}", file=sys.stderr)
                    continue
                check_out(clone, checkout)
            pieces.append(f"### {title[0].upper()}{title[1:]}\n\n{neighbours_table(checkout, options.rounds)}\n")
            if repo is not None:
                pieces.append(f"Beside the floor: {floor_table(clone, 'HEAD', options.rounds)}\n")
            shutil.rmtree(checkout)
    return "\n".join(pieces)


def profile_part(options):
    clone = options.mirror and clone_of(options.mirror, SIZES["middle"])
    with tempfile.TemporaryDirectory() as folder:
        checkout = os.path.join(folder, "checkout")
        if clone:
            check_out(clone, checkout)
        else:
            shutil.copytree("examples", checkout)
        return profile_table(checkout, options.rounds)


PARTS = {
    "neighbours": ("Beside the neighbours", neighbours_part),
    "growth": ("As a tree grows", lambda options: synthetic(options.rounds)),
    "api": ("Through the API", lambda options: "A pull request on a local server, base and head sharing most blobs; "
            f"each request waits for the latency.\n\n{api_table()}"),
    "many": ("Many repositories", every_repository),
    "stages": ("Stages", lambda options: stages_table()),
    "profile": ("Release profile", profile_part),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mirror")
    parser.add_argument("--labels")
    parser.add_argument("--part", action="append", choices=PARTS, help="measure this part alone; may be repeated")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--write", metavar="FILE")
    options = parser.parse_args()
    build()
    version = subprocess.run([BINARY, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
    git = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    for name in options.part or PARTS:
        title, measure = PARTS[name]
        if name == "many" and not (options.mirror and options.labels):
            continue
        before = os.getloadavg()[0]
        body = measure(options)
        text = (f"## {title}\n\n{body.rstrip()}\n\n{version} at {commit}, {git}, Python {platform.python_version()}, "
                f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {before:.1f} other processes running on "
                f"average when it began; medians of {options.rounds} interleaved rounds where there are medians.\n")
        print(text)
        if options.write:
            write(options.write, name, text)


def write(page, name, text):
    """Puts a part in its place on the page."""
    with open(page) as file:
        content = file.read()
    start, end = f"<!-- measured: {name} -->", f"<!-- /measured: {name} -->"
    with open(page, "w") as file:
        file.write(content.split(start)[0] + f"{start}\n{text}{end}" + content.split(end, 1)[1])


if __name__ == "__main__":
    main()
