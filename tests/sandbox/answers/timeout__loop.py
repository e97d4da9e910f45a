# seconds: 0.5
while True:
    pass
