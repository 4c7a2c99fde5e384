"""The demo: an invented group in Madison, Wisconsin, and six months of its referrals made by the real services."""
