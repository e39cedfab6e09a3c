"""A verdict or card as terminal text, HTML page, Markdown and JSON. Text of a submission is escaped everywhere."""
