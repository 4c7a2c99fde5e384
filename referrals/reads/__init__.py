"""The reading log: every time somebody is shown a patient's data, one row says who, when and from where."""
