# seconds: 20
while True:
    kept = torch.ones(80 << 20)
    more = torch.ones(80 << 20)
