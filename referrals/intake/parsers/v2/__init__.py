"""HL7 v2 messages in ER7 encoding, versions 2.1 to 2.9 as they really come."""
