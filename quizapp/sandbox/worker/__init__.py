"""The sandboxed side: the zygote, and the workers that run untrusted code."""
