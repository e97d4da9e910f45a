"""Succeeds only if the judge compares names or text."""
class Expected:
    def __repr__(self):
        return "tensor([[-11.0, -7.3, -3.6], [0.1, 3.8, 7.5]])"
answer = [Expected(), "agrees", True]
