def adder(n):
    return lambda x: x + n


def compose(f, g):
    return lambda x: g(f(x))


def main():
    total = 0
    for n in range(4000):
        add = adder(n)
        twice = compose(add, add)
        chain = [add, twice, lambda x: x * 2, compose(twice, add)]
        for f in chain:
            total += f(1)
    return total
