"""Milestones and mocks of the plan, begun from the day's session."""
