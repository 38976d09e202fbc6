"""How much a system can take: the highest rate of open arrivals at which it still holds its bounds."""
