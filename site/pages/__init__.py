"""What belongs to no event and no region: home, plain pages, languages, search, the edition."""
