"""What a new site begins with: page trees, groups, the real programme, and a demonstration of it."""
