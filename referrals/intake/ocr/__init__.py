"""Optical character recognition: an image of a page to text with positions and scores."""
