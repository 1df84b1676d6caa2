"""What a long run needs around it: the stop button and the progress bar."""

from contextlib import contextmanager


@contextmanager
def interrupts():
    """A list that is filled when the stop button is pressed; a second press stops at once."""
    import signal  # these two would take a third of the time of `import nnlib`
    import threading

    pressed = []

    def note(signum, frame):
        if pressed:
            raise KeyboardInterrupt
        pressed.append(signum)

    if threading.current_thread() is not threading.main_thread():
        yield pressed  # only the main thread is told of interrupts
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
