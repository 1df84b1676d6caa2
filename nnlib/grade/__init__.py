"""Grades a folder of handed-in notebooks: `python -m nnlib.grade FOLDER`."""
