#!/usr/bin/env python3
"""Scores the reference repositories, and writes the table that the program carries.

  scripts/reference_scores.py --binary target/release/reprogate --mirror DIR --list checklist_dev.csv
      [--write data/checklist_scores.json]

--mirror DIR holds bare clones as DIR/OWNER+NAME/repo. --list is a CSV with the columns `repo` and `sha`. Each
repository is judged at its commit under the default policy of each profile; one that cannot be judged is named and
left out. Standard library only.
"""

import argparse
import csv
import json
import pathlib
import subprocess
import sys

PROFILES = ["paper", "production", "checklist"]


def score(binary, clone, commit, profile):
    """The score of one commit, or None with the reason on standard error."""
    command = [binary, "check", str(clone), "--rev", commit, "--profile", profile, "--format", "json", "--jobs", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        return json.loads(done.stdout)["score"]
    except (ValueError, KeyError):
        print(f"{clone}: {done.stderr.strip()}", file=sys.stderr)
        return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--mirror", required=True, type=pathlib.Path)
    parser.add_argument("--list", required=True, type=pathlib.Path)
    parser.add_argument("--write", type=pathlib.Path)
    arguments = parser.parse_args()
    with arguments.list.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    table = {
        "about": "Scores of research repositories under the default policy of each profile, made by "
        "scripts/reference_scores.py",
        "repositories": "official code of NeurIPS 2019 papers, a random sample, labelled by hand in March 2020",
        "profiles": {},
    }
    for profile in PROFILES:
        found = []
        for row in rows:
            clone = arguments.mirror / row["repo"].replace("/", "+") / "repo"
            if clone.exists():
                found.append(score(arguments.binary, clone, row["sha"], profile))
        table["profiles"][profile] = sorted(value for value in found if value is not None)
        print(f"{profile}: {len(table['profiles'][profile])} of {len(rows)}", file=sys.stderr)
    text = json.dumps(table, indent=2) + "\n"
    if arguments.write:
        arguments.write.write_text(text, encoding="utf-8")
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
