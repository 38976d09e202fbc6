require "/etc/concert/shop"
run Shop
