"""What the staff see of this room in Wagtail's admin."""
