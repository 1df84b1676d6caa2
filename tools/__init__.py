"""What keeps the course in order: its environment, its notebooks' outputs, its editions.

Each module is a command, run from the course's folder: `python -m tools.notebooks`, for instance.
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# One BLAS thread: two are slower on small matrices. A fixed hash seed: sets print in one order.
# Wherever a notebook runs, it runs under these, unless whoever calls has set something else.
SETTINGS = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
}


# Where Jupyter, IPython and matplotlib write, when the home folder is not to be written to.
OWN_FOLDERS = {
    "JUPYTER_CONFIG_DIR": "jupyter/config",
    "JUPYTER_DATA_DIR": "jupyter/data",
    "JUPYTER_RUNTIME_DIR": "jupyter/runtime",
    "IPYTHONDIR": "ipython",
    "MPLCONFIGDIR": "matplotlib",
}


def apply_settings():
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    if not os.access(os.path.expanduser("~"), os.W_OK):
        for name, folder in OWN_FOLDERS.items():
            os.environ.setdefault(name, str(ROOT / "build" / "home" / folder))
