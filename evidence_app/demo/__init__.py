"""The living demo school: invented people and documents, brought in by the product's own actions."""
