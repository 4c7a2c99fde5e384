"""A group of people around the real engine: what tracking changes, and how much of it rests on what is assumed."""
