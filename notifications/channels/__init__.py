"""How messages travel: one file per channel, found through registry.py."""
