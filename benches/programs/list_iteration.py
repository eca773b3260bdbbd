def main():
    total = 0
    for n in range(100000):
        total += n
    return total
