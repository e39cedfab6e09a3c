"""One learner: what is kept of them, what they have mastered, where they hesitate, and when a fault comes again."""
