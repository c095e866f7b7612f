"""What participants are told about their data, and what they agreed to."""
