# seconds: 20
kept = []
while True:
    kept.append([None] * 50)
