"""Worlds with a known truth, and what share of them each method's interval covers and each test rejects."""
