def descend(left, steps):
    if left <= 0:
        return steps
    return descend(left - 1, steps + 1)


def main():
    total = 0
    for _ in range(500):
        total += descend(60, 0)
    return total
