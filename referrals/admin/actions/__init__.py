"""Everything staff can do to a referral, each as a form and the service call it makes. See registry.py."""
