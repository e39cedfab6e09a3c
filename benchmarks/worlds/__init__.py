"""Clean worlds that tempt an audit to cry wolf, and the room in which many worlds are run, kept and drawn."""
