def main():
    size = 100000
    joined = []
    pushed = []
    table = {}
    for n in range(size):
        joined.append(n)
        pushed.append(n)
        table[f"k{n}"] = n
    for n in range(size):
        joined[n] = joined[n] + pushed[size - 1 - n]
    return joined[0] + joined[size - 1] + len(pushed) + table["k99999"]
