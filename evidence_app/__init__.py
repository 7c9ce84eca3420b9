"""Evidence collection and the IB evaluation self-study: the application around the three libraries."""
