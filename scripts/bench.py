#!/usr/bin/env python3
"""Times reprogate beside its neighbours and beside the floor, in one run, and writes docs/performance.md.

  scripts/bench.py [--mirror DIR --labels FILE.csv] [--rounds N] [--write docs/performance.md]

The neighbours come from their registries into target/bench: rrdoctor and adduce (PyPI), mllint (the executable in its
PyPI wheel) and repolinter (npm). Rounds are interleaved, so that whatever else the machine does hits all alike; figures
are medians of wall time and the system's own peak resident memory of each process.

Without --mirror the example project alone is measured. With it, three repositories (small, middle, large) and, with
--labels, every repository of a CSV file with the columns repo and sha, bare, one process each. Standard library only.
"""

import argparse
import csv
import glob
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile

TOOLS = "target/bench"
BINARY = "target/release/reprogate"
PLANNED = "target/release/examples/planned"
NEIGHBOURS = {"rrdoctor": "0.2.24", "adduce": "0.2.0", "mllint": "0.12.2", "repolinter": "0.12.0"}
SIZES = {
    "small": "yahoo/ml-reproducibility-guidelines",
    "middle": "AliaksandrSiarohin/first-order-model",
    "large": "Microsoft/EconML",
}


def quiet(*command, **options):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **options)


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
    quiet("cargo", "build", "--quiet", "--release", "--locked", "--bin", "reprogate", "--example", "planned")


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


def every_repository(mirror, labels):
    with open(labels) as file:
        rows = [(clone_of(mirror, row["repo"]), row["sha"]) for row in csv.DictReader(file)]
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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mirror")
    parser.add_argument("--labels")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--write", metavar="FILE")
    options = parser.parse_args()
    install()
    version = subprocess.run([BINARY, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    git = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    pieces = [f"{version}, {git}, Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores; "
              f"medians of {options.rounds} interleaved rounds, by `make bench`.\n"]
    with tempfile.TemporaryDirectory() as folder:
        targets = {"the example project": None}
        if options.mirror:
            targets = {f"{size}: {repo}": repo for size, repo in SIZES.items()}
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
            pieces.append(f"## {title[0].upper()}{title[1:]}\n\n{neighbours_table(checkout, options.rounds)}\n")
            if repo is not None:
                pieces.append(f"Beside the floor: {floor_table(clone_of(options.mirror, repo), 'HEAD', options.rounds)}\n")
            shutil.rmtree(checkout)
    pieces.append(f"## As a tree grows\n\n{synthetic(options.rounds)}\n")
    pieces.append(f"## Through the API\n\nA pull request on a local server, base and head sharing most blobs; each request waits for the latency.\n\n{api_table()}\n")
    if options.mirror and options.labels:
        pieces.append(f"## Many repositories\n\n{every_repository(options.mirror, options.labels)}\n")
    text = "\n".join(pieces)
    if not options.write:
        print(text)
        return
    with open(options.write) as file:
        page = file.read()
    start, end = "<!-- measured -->", "<!-- /measured -->"
    with open(options.write, "w") as file:
        file.write(page.split(start)[0] + f"{start}\n{text}\n{end}" + page.split(end, 1)[1])


if __name__ == "__main__":
    main()
