"""The reports in the admin: figures of a period, what is behind each, how it moves, and files of all of it."""
