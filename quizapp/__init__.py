"""ptquiz: learn PyTorch by answering with code, and keep it."""
