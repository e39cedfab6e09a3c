"""Measurements: each module measures one thing and returns a Markdown section; `make bench` runs them all."""
