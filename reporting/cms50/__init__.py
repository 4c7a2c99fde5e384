"""CMS50, "Closing the Referral Loop: Receipt of Specialist Report" (MIPS quality measure 374)."""
