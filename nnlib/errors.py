"""Input validation, in one place: every array or number that comes from the caller.

Each function returns its input converted to what the mathematics needs, or raises a `ValueError`
that states the rule, the value and the fix. Nothing is modified before it is raised.
"""

import math

import numpy as np

PIECE = 1 << 17  # entries checked at a time
FLOATS = (np.float32, np.float64, np.longdouble, np.complex128)
MOST = 1 << 53  # whole numbers that a float can count
REAL, COMPLEX = "fiub", "fiubc"  # kinds of numbers; complex ones only for the complex step


def reject(rule, got, fix=""):
    """Raise the course's one kind of error: "expected ..., got .... Fix: ..."."""
    if fix[:1].isupper() and fix[1:2].islower():
        fix = fix[0].lower() + fix[1:]
    raise ValueError(f"{rule}, got {got}." + (f" Fix: {fix}" if fix else ""))


def describe(value):
    """A short description of a value for an error message: its shape, or the value itself."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype} of shape {value.shape}"
    if isinstance(value, type):
        return f"the class {value.__name__}"
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else text[:57] + "..."


def instance(thing, attribute, rule, fix=""):
    """Refuse what is not the net, loss or optimizer it should be: it lacks that attribute.

    Recognised by an attribute, because this module is below all classes and imports none.
    """
    if isinstance(thing, type):
        reject(rule, describe(thing), f"Make one with brackets: {thing.__name__}(...).")
    if not hasattr(thing, attribute):
        reject(rule, describe(thing), fix)


def array(X, who, name):
    """X as an array of any kind; ragged lists and masked entries are refused."""
    hidden = masked(X)
    if hidden:
        reject(
            f"{who} expected every entry of {name}",
            f"{hidden} masked one{'s' * (hidden > 1)}",
            f"Leave those rows out, or fill them: {name}.filled(0).",
        )
    try:
        return np.asarray(X)
    except (ValueError, OverflowError):
        reject(
            f"{who} expected {name} as one rectangular array",
            "rows of different lengths",
            f"Every row of {name} needs the same number of entries.",
        )


def masked(X):
    """How many entries are masked, in a masked array or a list of such: NumPy drops the masks."""
    if isinstance(X, np.ma.MaskedArray):
        return int(np.ma.count_masked(X)) if np.ma.is_masked(X) else 0
    if isinstance(X, (list, tuple)):
        holders = (list, tuple, np.ma.MaskedArray)
        return sum(masked(each) for each in X if isinstance(each, holders))
    return 0


def numbers(X, who, name="X", kinds=REAL):
    """X as an array of numbers of whatever type they are; text is refused."""
    A = array(X, who, name)
    if A.dtype.kind == "c" and "c" not in kinds:
        reject(f"{who} expected {name} to hold real numbers", describe(A), "Use .real or abs().")
    if A.dtype.kind not in kinds:
        reject(
            f"{who} expected {name} to hold numbers",
            describe(X),
            "Convert it first, for example with .astype(float).",
        )
    return A


def floats(X, who, name="X", dtype=None, copy=False, kinds=REAL):
    """X as an array of floats without NaN or inf; lists, integers and float16 are converted."""
    A = numbers(X, who, name, kinds)
    if dtype is None and A.dtype.type not in FLOATS:
        dtype = np.complex128 if A.dtype.kind == "c" else np.float64
    with np.errstate(over="ignore"):  # what float32 cannot hold becomes inf, refused below
        A = A.astype(A.dtype if dtype is None else dtype, copy=copy)
    finite(A, who, name)
    return A


def finite(A, who, name="X", first=0):
    """Refuse NaN and inf, and say where the first one stands."""
    if A.dtype.kind not in "fc":
        return
    if A.size > PIECE and len(A) > 1:  # in two halves: A may be larger than memory
        half = len(A) // 2
        finite(A[:half], who, name)
        return finite(A[half:], who, name, first=first + half)
    if not np.isfinite(A).all():
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(A))[0])
        place = (where[0] + first, *where[1:]) if where else ()
        reject(
            f"{who} expected {name} to hold finite numbers",
            f"{A[where]} at {name}[{', '.join(map(str, place))}]",
            "in data, find NaN or inf and replace them; in scores, training has diverged: "
            "start again with a smaller lr.",
        )


def nonempty(A, who, name="X"):
    """Refuse a batch without examples."""
    if A.ndim == 0:
        reject(
            f"{who} expected {name} as an array, one row per example",
            f"the single number {A}",
            f"Write {name} as [[...]].",
        )
    if A.size == 0:
        reject(
            f"{who} expected at least one example in {name}",
            f"an empty array of shape {A.shape}",
            "Check the slice or the filter that made it.",
        )
    return A


def batch(X, who, name="X", dtype=None, copy=False, kinds=REAL):
    """X as a non-empty batch of floats, one example per row."""
    return nonempty(floats(X, who, name, dtype, copy, kinds), who, name)


def inputs(X, who, takes, dtype=None, copy=False, kinds=REAL):
    """X as a non-empty batch of what a layer takes: "floats", or "integers" to look up."""
    if takes == "floats":
        return batch(X, who, "X", dtype, copy, kinds)
    A = nonempty(array(X, who, "X"), who)
    if A.dtype.kind not in "iu":
        fix = "Use X.astype(int) if every entry is a whole number." if A.dtype.kind in "fb" else ""
        reject(f"{who} expected X to hold integers", describe(A), fix)
    return A.astype(np.intp, copy=copy)


def scores(Z, who, name="Z"):
    """Z as a non-empty table of floats (N, K), one row per example, one column per class."""
    Z = batch(Z, who, name)
    if Z.ndim != 2:
        fix = f"pass one example as {name}[None, :], shape (1, K)." if Z.ndim == 1 else ""
        reject(f"{who} expected {name} of shape (N, K)", f"shape {Z.shape}", fix)
    return Z


def labels(y, who, N=None, K=None, name="y"):
    """y as a fresh integer array (N,) with values 0 to K - 1."""
    given, y = y, array(y, who, name)
    if y.ndim != 1:
        fix = "Use y.ravel()." if y.ndim == 2 and y.shape[1] == 1 else ""
        if y.ndim == 2 and y.shape[1] > 1:
            fix = "If this is one-hot, y.argmax(axis=1) gives the labels back."
        reject(
            f"{who} expected {name} of shape (N,), one label each", y.shape or describe(given), fix
        )
    if len(y) == 0:
        reject(f"{who} expected at least one label in {name}", "an empty array")
    if y.dtype.kind not in "iub":
        fix = "Use y.astype(int)." if y.dtype.kind == "f" else ""
        if y.dtype.kind in "UOS":
            fix = "Number the classes: names, y = np.unique(labels, return_inverse=True) does it."
        reject(
            f"{who} expected {name} to hold integer labels 0, 1, 2, ...",
            f"{y.dtype} labels such as {y.tolist()[0]!r}",
            fix,
        )
    if N is not None and len(y) != N:
        reject(f"{who} expected one label for each of the {N} examples", f"{len(y)} labels")
    outside = (y < 0) | (y > np.iinfo(np.intp).max if K is None else y >= K)
    if outside.any():
        i = int(outside.argmax())
        rule = f"0 to {K - 1} for {K} class{'es' * (K != 1)}" if K is not None else "0, 1, 2, ..."
        reject(
            f"{who} expected labels {rule}",
            f"{name}[{i}] = {y[i]}",
            "start the labels at 0, and give the network one output per class.",
        )
    return y.astype(np.intp)


def positive(value, name, who):
    """A finite number above zero, such as a learning rate."""
    number = real(value, name, who)
    if not (number > 0 and math.isfinite(number)):
        reject(f"{who} expected {name} > 0", describe(value))
    return number


def tiny(value, name, who, dtype):
    """A finite number above zero, also where it is computed with: in float32, 1e-50 is 0."""
    number = positive(value, name, who)
    with np.errstate(all="ignore"):
        if not 0 < dtype.type(number) < np.inf:
            reject(f"{who} expected {name} > 0 in {dtype}", describe(value))
    return number


def between(value, name, who, low=0.0, high=1.0):
    """A number with low <= value < high, such as a momentum or a dropout rate."""
    number = real(value, name, who)
    if not low <= number < high:
        reject(f"{who} expected {low:g} <= {name} < {high:g}", describe(value))
    return number


def real(value, name, who):
    """One real number as a Python float."""
    if isinstance(value, int) and abs(value) > MOST:  # to NumPy it may be an object
        value = float(value) if abs(value) < 10**308 else math.copysign(math.inf, value)
    known = isinstance(value, (int, float, np.generic, np.ndarray)) and not masked(value)
    if not known or np.ndim(value) or np.asarray(value).dtype.kind not in "fiu":
        reject(f"{who} expected {name} to be one number", describe(value))
    return float(value)


def whole(value, name, who, least=1):
    """A whole number, `least` or more, such as a number of units or epochs."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        reject(f"{who} expected {name} to be a whole number", describe(value))
    if value < least:
        reject(f"{who} expected {name} >= {least}", describe(value))
    if value > MOST:
        reject(f"{who} expected {name} <= {MOST:,}", describe(value))
    return int(value)


def float_type(dtype, who):
    """float64 or float32 as a NumPy dtype."""
    try:
        kind = np.dtype(dtype)
    except TypeError:
        kind = None
    if kind not in (np.float32, np.float64):
        whole = kind is not None and kind.kind in "iub"
        fix = "use np.float64; integers would drop the decimals of every update." if whole else ""
        reject(f"{who} expected dtype to be np.float64 or np.float32", kind or repr(dtype), fix)
    return kind


def generator(rng, who):
    """rng, a seed or a Generator, as a Generator."""
    try:
        if isinstance(rng, np.random.RandomState):  # the legacy generator cannot spawn streams
            raise TypeError
        return np.random.default_rng(rng)
    except (TypeError, ValueError):
        reject(
            f"{who} expected rng to be a seed (0, 1, 2, ...) or a numpy.random.Generator",
            describe(rng),
        )


def pair(value, form, who):
    """Two things in one tuple, such as validation=(X_val, y_val)."""
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        reject(f"{who} expected {form}", describe(value))
    return value


def shaped(W, shape, rule):
    """Refuse an array of another shape."""
    if W.shape != shape:
        reject(rule, f"{W.shape}")


def nudged(f, x, who):
    """x as an array whose entries can be nudged to see how the function f answers."""
    if not callable(f):
        reject(f"{who}(f, x) expected a function f first", describe(f))
    x = array(x, who, "x")
    if x.dtype.kind != "f":
        fix = "use .astype(float); integers cannot be nudged by a small step."
        reject(f"{who} expected x to hold floats", describe(x), fix)
    return floats(x, who, "x", np.float64, copy=True)


def felt(x, eps, who):
    """Refuse a nudge so small beside an entry of x that it rounds away."""
    still = x + eps == x
    if still.any():
        where = tuple(int(i) for i in np.argwhere(still)[0])
        place = f"x[{', '.join(map(str, where))}]" if where else "x"
        rule = f"{who} expected eps to change every entry of x"
        reject(rule, f"eps={eps:g} beside {place} = {x[where]:g}", "Scale x, or take a larger eps.")


def zeros(shape, dtype, who):
    """An array of zeros, or a sentence where memory holds none of that size."""
    try:
        return np.zeros(shape, dtype)
    except (MemoryError, ValueError, OverflowError):
        count = f"{math.prod(map(int, np.atleast_1d(np.array(shape, object)))):,} numbers"
        reject(f"{who} expected a size that memory holds", count, "Smaller sizes.")


def same_shape(Z, Y, who):
    """Refuse a Y whose shape differs from Z's: NumPy would broadcast one to the other."""
    if Z.shape != Y.shape:
        fix = ""
        if Z.ndim == 2 and Z.shape[1] == 1 and Y.shape == Z.shape[:1]:
            fix = "Y[:, None] makes a column of it; (N, 1) minus (N,) would be an N × N table."
        reject(f"{who} expected Y of Z's shape {Z.shape}", f"{Y.shape}", fix)


def one_of(value, known, name, who):
    """Refuse a value that is not one of the known ones."""
    if value not in known:
        reject(f"{who} expected {name} to be {' or '.join(map(repr, known))}", repr(value))


def single(value, who):
    """The one number that a function gave."""
    if np.size(value) != 1:
        reject(f"{who} must give one number", f"shape {np.shape(value)}", "Sum it, for example.")
    return np.reshape(value, ())[()]


def assign(view, value, who):
    """Copy value into view: the same shape, floats. `who` names the view, as in Linear(3, 2).W."""
    if value is view:  # layer.W -= ... has already changed the view in place
        return
    A = numbers(value, who, "the new values", COMPLEX if view.dtype.kind == "c" else REAL)
    if A.dtype.kind in "iub":
        reject(
            f"{who} holds floats",
            f"{A.dtype}",
            "write 1.0 for 1, or use .astype(float); integers drop the decimals of every update.",
        )
    if A.shape != view.shape:
        reject(f"{who} has shape {view.shape}", f"an array of shape {A.shape}")
    with np.errstate(over="ignore"):  # what float32 cannot hold becomes inf
        view[...] = A
