"""What people and offices do to a referral, one file per kind of action. Each function is one transaction."""
