"""The practice that runs RefLoop: when it is open, and who of its people is there."""
