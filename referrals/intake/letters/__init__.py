"""Read what a letter says: pieces of text on pages to the fields of a Reading. Pure; knows no file format."""
