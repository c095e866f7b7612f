"""Payments: what is said to Stripe and heard from it. The rooms below know it by the names of its addresses only."""
