"""Documents: what people take away on paper, and how it is shown to be genuine."""
