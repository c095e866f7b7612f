"""One module per place the site runs in: dev, test, production; base is what they share."""
