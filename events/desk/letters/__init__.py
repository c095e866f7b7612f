"""Letters on the desk: their words, a preview, and those that leave by themselves."""
