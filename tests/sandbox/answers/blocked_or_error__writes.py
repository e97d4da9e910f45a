open(f"{TEMPORARY}/canary", "a").write("changed")
answer = x
