"""Named external programs as evidence: git, promtool, pip. Each is optional; what is missing is said."""
