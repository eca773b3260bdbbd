def main():
    numbers = list(range(1000))
    size = 0
    for _ in range(200):
        even = list(filter(lambda n: n % 2 == 0, numbers))
        twice = list(map(lambda n: n * 2, even))
        size += len(twice)
    return size
