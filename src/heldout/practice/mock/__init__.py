"""Mock interviews: a seeded interviewer with a clock, a transcript of each line, and a score computed from it."""
