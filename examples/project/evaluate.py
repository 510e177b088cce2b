"""Measures a saved network."""

import argparse
from pathlib import Path

import joblib
from sklearn.metrics import accuracy_score

from digits.data import load_split


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True)
    arguments = parser.parse_args()
    network = joblib.load(arguments.checkpoint)
    _, test_x, _, test_y = load_split()
    print(f"accuracy {accuracy_score(test_y, network.predict(test_x)):.3f}")


if __name__ == "__main__":
    main()
