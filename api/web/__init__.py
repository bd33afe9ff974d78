"""The web page: static files, and the addresses under which it is shown."""
