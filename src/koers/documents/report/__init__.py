"""The report of a workshop: what the room voted, what was agreed and why, and its ideas. It is set as the note is."""
