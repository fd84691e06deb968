"""HTTP/1.1 on the wire, between the server's sockets and the application."""
