# seconds: 0.5
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
