"""The network: one hidden layer."""

from sklearn.neural_network import MLPClassifier


def build(hidden, batch_size, lr):
    """Return an untrained network with `hidden` units in its one hidden layer."""
    return MLPClassifier(
        hidden_layer_sizes=(hidden,),
        solver="adam",
        batch_size=batch_size,
        learning_rate_init=lr,
    )
