def main():
    config = {"size": 7, "limit": 2, "inner": {"step": 3}}
    total = 0
    for _ in range(150000):
        total = total + config["size"] + config["inner"]["step"]
    return total
