answer = []
answer.append(answer)
