"""Pages as a signed-in browser without a screen sees them."""
