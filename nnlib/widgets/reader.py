"""What reads a painted picture: a network, or any function from pictures to probabilities."""

import copy

import numpy as np

from ..conv import Flatten, Windows
from ..layers import Dropout
from ..network import Sequential
from .packed import leaves


class Reader:
    """One network of a canvas: the probabilities of a picture, and why.

    given   a network, its `predict`, or a function from pictures (N, side²) to probabilities (N, K)
    """

    def __init__(self, given, side):
        self.net = network_of(given)
        if self.net is None and not callable(given):
            raise TypeError(
                f"paint needs a function from pictures (N, {side * side}) to probabilities, such "
                f"as net.predict, got {type(given).__name__}"
            )
        self.predict = given if self.net is None else self.net.predict
        self.shape = (1, side * side)
        if self.net is not None and takes_planes(self.net):
            self.shape = (1, 1, side, side)
        self._own = None

    def probabilities(self, pixels):
        P = np.asarray(self.predict(pixels.reshape(self.shape)))
        if P.ndim != 2 or len(P) != 1 or P.shape[1] < 2 or P.dtype.kind not in "fiub":
            raise ValueError(
                f"paint: predict was given one picture, {self.shape}, and must return its "
                f"probabilities, (1, K), got {P.dtype} of shape {P.shape}"
            )
        P = P[0].astype(float)
        if not np.isfinite(P).all():
            raise ValueError("paint: what predict returns holds NaN or infinity")
        if P.min() < -1e-6 or abs(P.sum() - 1) > 1e-3:
            raise ValueError(
                "paint: what predict returns must be probabilities that add up to 1; these are "
                "scores: pass net.predict, or softmax of the scores"
            )
        return P

    def slopes(self, pixels):
        """∂(score of the class that wins)/∂(pixel), one for each pixel: the way back of 05.

        On a copy, so that what the network keeps for a training step of its own stays there.
        """
        if self._own is None:
            self._own = copy.deepcopy(self.net).train()
            for layer in leaves(self._own):
                layer.training = not isinstance(layer, Dropout)
        own = self._own
        own.theta[...] = self.net.theta
        Z = own(pixels.reshape(self.shape))
        dZ = np.zeros_like(Z)
        dZ[0, Z[0].argmax()] = 1
        return own.backward(dZ, to_input=True).reshape(-1).astype(float)


def network_of(given):
    """The network itself, where it or its `predict` is given; None for any other function."""
    if isinstance(given, Sequential):
        return given
    owner = getattr(given, "__self__", None)
    return owner if isinstance(owner, Sequential) and given == owner.predict else None


def takes_planes(net):
    """Whether a network takes pictures as (N, 1, side, side), not as rows."""
    for layer in leaves(net):
        if isinstance(layer, Windows | Flatten):
            return True
        if layer.size:
            return False
    return False


def in_words(P):
    """The two likeliest classes: "3 (98%), then 5 (1%)"."""
    first, second = np.argsort(-P, kind="stable")[:2]
    return f"{first} ({share(P[first])}), then {second} ({share(P[second])})"


def share(p):
    return "over 99%" if p > 0.995 else "under 1%" if p < 0.005 else f"{p:.0%}"
