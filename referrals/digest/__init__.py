"""The daily digest: what is late, due today and waiting, told to each person at the start of a business day."""
