def main():
    total = 0
    for i in range(200000):
        total = total + (i + 3) * 2 - 1
    return total
