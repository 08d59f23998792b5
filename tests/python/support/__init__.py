"""What the Python tests share: homes of the server, the model on loopback, clients, leak checks."""
