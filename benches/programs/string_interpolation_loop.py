def main():
    line = "x"
    size = 0
    for n in range(5000):
        line = f"{line}{n % 10}"
        if len(line) > 64:
            line = "x"
        size += len(line)
    return size
