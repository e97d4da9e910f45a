kept = []
while True:
    kept.append(torch.ones(2 << 20))
