"""What an event asks beside name and address, and what people answered."""
