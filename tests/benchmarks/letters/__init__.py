"""Made-up letters of made-up people as faxed pages, and how well they are read."""
