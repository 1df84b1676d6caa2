"""Companions of single notebooks: arithmetic on paper, the stepper, worksheets for a pencil."""
