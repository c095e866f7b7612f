"""How the rooms are put together: settings, addresses, the door to the server."""
