"""The digits of scikit-learn, scaled and split."""

from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split


def load_split(test_share=0.25):
    """Return training and test digits, with values from 0 to 1."""
    digits = load_digits()
    return train_test_split(digits.data / 16.0, digits.target, test_size=test_share)
