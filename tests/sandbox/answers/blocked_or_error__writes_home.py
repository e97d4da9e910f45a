open(f"{HOME}/canary", "a").write("changed")
answer = x
