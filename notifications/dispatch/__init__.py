"""Send what is due: claim by lease, send outside any transaction, record."""
