"""The product, said in sentences that can fail."""
