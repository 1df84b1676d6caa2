"""To PyTorch and back: the same network, number for number.

PyTorch is optional: it is imported by the functions that need it, and by nothing else.
Derived in notebook 16.
"""

from . import errors
from .conv import Conv2d, Flatten, MaxPool2d
from .layers import Dropout, LeakyReLU, Linear, ReLU, Sigmoid, Softmax, Tanh
from .network import Sequential

INSTALL = "python -m pip install torch. Everything else in nnlib works without it."
PLAIN = (ReLU, Sigmoid, Tanh)  # of the same name there, without arguments


def to_torch(net):
    """A network as a `torch.nn.Sequential` with the same numbers, dtype and mode.

    Linear: W (n_in, n_out) here is `weight` (n_out, n_in) there, weight = Wᵀ. Conv2d has the same
    shapes on both sides. The numbers are copied: training one side leaves the other alone.
    Raises ImportError without PyTorch, ValueError for a layer that PyTorch has not.
    Derived in notebook 16.
    """
    torch = _torch("nn.to_torch")
    fix = "The other way is nn.from_torch(module)."
    errors.instance(net, "weight_mask", "nn.to_torch expected a network of nnlib", fix)
    net.expect_complete("nn.to_torch")
    return _module(net, torch, torch.from_numpy(net.theta[:0]).dtype)


def from_torch(module):
    """A `torch.nn.Sequential` of layers that nnlib knows as a network with the same numbers.

    The reverse of `to_torch`: W = weightᵀ, copied. Raises ImportError without PyTorch, ValueError
    for a layer, or a setting of one, that nnlib has not. Derived in notebook 16.
    """
    torch = _torch("nn.from_torch")
    if not isinstance(module, torch.nn.Sequential):
        fix = "Put the layers into a torch.nn.Sequential."
        rule = "nn.from_torch expected a torch.nn.Sequential"
        errors.reject(rule, errors.describe(module), fix)
    kinds = {parameter.dtype for parameter in module.parameters()}
    if len(kinds) > 1 or kinds - {torch.float32, torch.float64}:
        names = ", ".join(sorted(map(str, kinds)))
        rule = "nn.from_torch expected parameters all float32 or all float64"
        errors.reject(rule, names, "module.double() makes all of them float64.")
    return _network(module, torch, "float32" if torch.float32 in kinds else "float64")


def _torch(who):
    try:
        import torch
    except ImportError:
        raise ImportError(f"{who} expected PyTorch, got none. Fix: {INSTALL}") from None
    return torch


def _module(layer, torch, dtype):
    """The module of one layer, with its numbers and its mode."""
    there = torch.nn
    if isinstance(layer, Sequential):
        module = there.Sequential(*(_module(each, torch, dtype) for each in layer.layers))
    elif type(layer) is Linear:
        module = there.utils.skip_init(there.Linear, layer.n_in, layer.n_out, dtype=dtype)
        _fill(module, layer.W.T, layer.b, torch)  # weight (n_out, n_in) = Wᵀ
    elif type(layer) is Conv2d:
        sizes = layer.n_in, layer.n_out, layer.kernel_size, layer.stride, layer.padding
        module = there.utils.skip_init(there.Conv2d, *sizes, dtype=dtype)
        _fill(module, layer.W, layer.b, torch)  # both (n_out, n_in, k, k)
    elif type(layer) in PLAIN:
        module = getattr(there, type(layer).__name__)()
    elif type(layer) is LeakyReLU:
        module = there.LeakyReLU(layer.negative_slope)
    elif type(layer) is Softmax:
        module = there.Softmax(dim=-1)
    elif type(layer) is Dropout:
        module = there.Dropout(layer.p)
    elif type(layer) is MaxPool2d:
        module = there.MaxPool2d(layer.kernel_size, layer.stride)
    elif type(layer) is Flatten:
        module = there.Flatten()
    else:
        fix = "Write its forward as a torch.nn.Module, and copy its numbers yourself."
        errors.reject("nn.to_torch expected layers that PyTorch has, too", f"{layer}", fix)
    module.training = layer.training
    return module


def _fill(module, W, b, torch):
    with torch.no_grad():  # the copy is no part of any graph
        module.weight.copy_(torch.from_numpy(W.copy()))
        module.bias.copy_(torch.from_numpy(b.copy()))


def _network(module, torch, dtype):
    layers = [_layer(each, torch, dtype) for each in module]
    if not layers:
        errors.reject("nn.from_torch expected at least one layer", "none")
    net = Sequential(*layers, rng=0, dtype=dtype)  # what is drawn here is replaced below
    for layer, each in zip(net.layers, module, strict=True):
        if isinstance(layer, Linear | Conv2d):
            W = each.weight.detach().cpu().numpy()
            layer.W = W.T if isinstance(layer, Linear) else W
            layer.b = each.bias.detach().cpu().numpy()
        layer.training = each.training
    net.training = module.training
    return net


def _layer(module, torch, dtype):
    """The layer of one module, its numbers still to be copied."""
    there, kind = torch.nn, type(module)
    if kind is there.Sequential:
        return _network(module, torch, dtype)
    if kind in (there.Linear, there.Conv2d) and module.bias is None:
        fix = "Give it a bias of zeros; nnlib would train it, too."
        errors.reject("nn.from_torch expected layers with a bias", f"{module}", fix)
    if kind is there.Linear:
        return Linear(module.in_features, module.out_features)
    if kind is there.Conv2d:
        plain = module.dilation == (1, 1) and module.groups == 1 and module.padding_mode == "zeros"
        square = (module.kernel_size, module.stride, module.padding)
        if plain and all(isinstance(pair, tuple) and pair[0] == pair[1] for pair in square):
            return Conv2d(module.in_channels, module.out_channels, *(pair[0] for pair in square))
    if kind.__name__ in {cls.__name__ for cls in PLAIN} and kind is getattr(there, kind.__name__):
        return {cls.__name__: cls for cls in PLAIN}[kind.__name__]()
    if kind is there.LeakyReLU:
        return LeakyReLU(module.negative_slope)
    if kind is there.Softmax and module.dim == -1:
        return Softmax()
    if kind is there.Dropout:
        return Dropout(module.p)
    if kind is there.MaxPool2d and isinstance(module.kernel_size, int):
        more = module.padding, module.dilation, module.return_indices, module.ceil_mode
        if more == (0, 1, False, False) and isinstance(module.stride, int):
            return MaxPool2d(module.kernel_size, module.stride)
    if kind is there.Flatten and (module.start_dim, module.end_dim) == (1, -1):
        return Flatten()
    fix = "Known are Linear, Conv2d, MaxPool2d, Flatten, Dropout, the activations, and Sequential."
    errors.reject("nn.from_torch expected layers that nnlib has, too", f"{module}", fix)
