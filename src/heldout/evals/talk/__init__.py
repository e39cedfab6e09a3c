"""What a candidate writes in files of the repository, read: updates, questions, experiments."""
