"""The machine both sides share, and which never learns whom it serves."""
