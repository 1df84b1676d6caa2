"""Companions of single notebooks: arithmetic on paper, the stepper, worksheets, drawings."""
