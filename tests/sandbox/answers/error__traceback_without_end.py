import sys
sys.setrecursionlimit(20_000)
def f(n):
    return f(n + 1)
f(0)
