"""Practice: drills with planted faults, rounds, a plan, milestones, mock interviews and progress."""
