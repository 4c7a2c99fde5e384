"""Is the person in this document that person on record? Pure functions over values, giving evidence in words."""
