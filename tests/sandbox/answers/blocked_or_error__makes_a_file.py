open(f"{TEMPORARY}/made", "w").close()
answer = x
