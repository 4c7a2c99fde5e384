"""Delivery of messages. Knows nothing of referrals; nothing here imports another RefLoop app."""
