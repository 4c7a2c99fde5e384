"""CDA R2 documents: C-CDA R1.1 and R2.1, plain CDA, structured or with an embedded file."""
