def main():
    found = 0
    for n in range(200000):
        if 0 <= n <= 100000:
            found += 1
        if n == 150000:
            found += 1
    return found
