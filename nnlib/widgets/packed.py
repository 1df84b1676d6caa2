"""A network in little room: what an exported page carries in place of a kernel.

Each weight becomes a whole number of 8 or 16 bits, times a scale that all weights of one unit (one
filter) share: the unit's largest weight becomes the largest whole number. A large network takes 8
bits, so that a page stays light; rounded so, a weight is off by at most 1/254 of the largest one of
its unit. Biases are few and stay numbers of 32 bits. `front/network.js` runs what is packed here.
"""

import base64
import copy

import numpy as np

from .. import conv, layers
from ..network import Sequential

LARGE = 50_000  # weights, from which on a network is packed in 8 bits
UNITS = {layers.Linear: 1, conv.Conv2d: 0}  # the axis of W that counts the units
PLAIN = (
    layers.ReLU, layers.LeakyReLU, layers.Tanh, layers.Sigmoid, layers.Dropout,
    conv.MaxPool2d, conv.Flatten,
)  # fmt: skip


def packed(net):
    """The network as numbers and texts for JSON, or None if a page could not run it."""
    parts = list(leaves(net))
    known = all(type(layer) in (*UNITS, *PLAIN) for layer in parts)
    if not known or net.predicts != "classes" or net.gives_probabilities:
        return None
    bits = bits_for(net)
    return [_packed_layer(layer, bits) for layer in parts]


def rounded(net):
    """A copy of the network, in float64, with the weights that `packed` gives."""
    twin = copy.deepcopy(net)
    twin.gather(np.float64)
    for layer in leaves(twin):
        if type(layer) in UNITS:
            whole, scale = _whole(layer, bits_for(net))
            layer.W = whole * scale
            layer.b = layer.b.astype(np.float32)
    return twin


def leaves(net):
    """The layers of a network in order, those of the networks inside it in their places."""
    for layer in net.layers:
        if isinstance(layer, Sequential):
            yield from leaves(layer)
        else:
            yield layer


def bits_for(net):
    return 8 if net.theta.size > LARGE else 16


def _packed_layer(layer, bits):
    made = {"kind": type(layer).__name__, **layer.config()}
    if type(layer) in UNITS:
        whole, scale = _whole(layer, bits)
        made |= {"bits": bits, "W": _text(whole.astype(f"<i{bits // 8}"))}
        made |= {"scale": _text(scale.astype("<f4")), "b": _text(layer.b.astype("<f4"))}
    return made


def _whole(layer, bits):
    """W as whole numbers, and the scale of each unit, in the shape that W is multiplied by."""
    W = layer.W.astype(float)
    others = tuple(axis for axis in range(W.ndim) if axis != UNITS[type(layer)])
    largest = np.abs(W).max(axis=others, keepdims=True)
    scale = np.where(largest == 0, 1, largest / (2 ** (bits - 1) - 1)).astype(np.float32)
    return np.rint(W / scale), scale.astype(float)


def _text(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode("ascii")
