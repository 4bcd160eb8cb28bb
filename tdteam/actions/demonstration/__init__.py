"""Draws the demonstration district: made-up people in real villages, the same for the same day."""
