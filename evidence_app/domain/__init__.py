"""What the product means, in rooms: a room imports only from rooms upstream of it."""
