"""Months are closed: compiled, frozen, told to managers, compared with today, reopened with a reason."""
