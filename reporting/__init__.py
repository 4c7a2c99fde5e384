"""Figures about referrals. Reads ``referrals``, writes nothing there."""
