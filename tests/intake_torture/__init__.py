"""A folder full of good, doubled, damaged and hostile files, and readers that are killed while they take it in."""
