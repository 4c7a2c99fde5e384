"""Figures for offices. Built on referrals.api: the same tokens, errors and schema."""
