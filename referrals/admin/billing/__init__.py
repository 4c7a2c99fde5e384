"""Lists for those who bill: what is documented, and what keeps a visit from being so."""
