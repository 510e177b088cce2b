"""Trains the network and saves it."""

import argparse
from pathlib import Path

import joblib
import numpy as np

from digits.data import load_split
from digits.network import build


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hidden", type=int, default=64, help="units in the hidden layer")
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--lr", type=float, default=0.001, help="Adam's step size")
    parser.add_argument("--output", type=Path, default=Path("checkpoints/network.joblib"))
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    train_x, test_x, train_y, test_y = load_split()
    network = build(arguments.hidden, arguments.batch_size, arguments.lr)
    classes = np.unique(train_y)
    for epoch in range(arguments.epochs):
        order = np.random.permutation(len(train_x))
        network.partial_fit(train_x[order], train_y[order], classes=classes)
        print(f"epoch {epoch + 1}: loss {network.loss_:.4f}, accuracy {network.score(test_x, test_y):.3f}")
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    joblib.dump(network, arguments.output)


if __name__ == "__main__":
    main()
