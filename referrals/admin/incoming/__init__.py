"""Incoming documents in the admin: the review queue, the page of one document, upload, decisions."""
