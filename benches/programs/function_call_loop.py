def next_of(n):
    return n + 1


def main():
    current = 0
    for _ in range(100000):
        current = next_of(current)
    return current
