"""A live session on the server: the socket, its messages, who is connected, and what becomes of it."""
