"""What pages and api share: headers, templates, the way in."""
