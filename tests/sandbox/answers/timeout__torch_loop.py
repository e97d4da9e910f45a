# seconds: 0.5
y = torch.ones(400, 400)
while True:
    y = torch.tanh(y @ y)
