"""Support for long runs: the stop button, the progress bar, the best weights so far."""

from contextlib import contextmanager

import numpy as np


@contextmanager
def interrupts():
    """Yield a list that fills when the stop button is pressed; a second press raises at once."""
    import signal  # these two would take a third of the time of `import nnlib`
    import threading

    pressed = []

    def note(signum, frame):
        if pressed:
            raise KeyboardInterrupt
        pressed.append(signum)

    if threading.current_thread() is not threading.main_thread():
        yield pressed  # only the main thread receives signals
        return
    before = signal.signal(signal.SIGINT, note)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, before or signal.default_int_handler)


def rounds(n, progress):
    """The numbers 0 to n - 1, with a progress bar where one is wanted."""
    if not progress:
        return range(n)
    from tqdm.auto import tqdm

    return tqdm(range(n), unit="epoch")


class Best:
    """Early stopping: remembers the epoch of the lowest validation loss and a copy of theta."""

    def __init__(self, net, patience):
        self.net, self.patience = net, patience
        self.loss, self.theta = np.inf, None

    def look(self, history):
        """Take note of the epoch that has ended; "early" when patience has run out."""
        if history.val_loss and history.val_loss[-1] < self.loss:
            self.loss, history.best_epoch = history.val_loss[-1], history.epochs - 1
            if self.patience:
                self.theta = self.net.theta.copy()  # a copy: theta itself moves on
        if self.patience and history.epochs - 1 - (history.best_epoch or 0) >= self.patience:
            return "early"

    def restore(self):
        if self.theta is not None:
            self.net.theta = self.theta
