"""The referral in the admin: worklist, capture form, page, actions, downloads."""
