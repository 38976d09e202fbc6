CREATE ROLE concert LOGIN;
ALTER ROLE concert SET statement_timeout = '4s';
CREATE DATABASE concert OWNER concert;
\c concert
SET ROLE concert;
CREATE TABLE concerts (id int PRIMARY KEY, town int NOT NULL, artist text NOT NULL, starts timestamptz NOT NULL, price int NOT NULL);
INSERT INTO concerts SELECT n, n % 15, 'Artist ' || n * 7 % 300, now() + n * interval '4 hours', 20 + n * 13 % 90 FROM generate_series(1, 300) n;
CREATE TABLE seats (concert int NOT NULL, number int NOT NULL, held boolean NOT NULL, PRIMARY KEY (concert, number)) WITH (fillfactor = 80);
INSERT INTO seats SELECT c, n, n % 4 = 0 FROM generate_series(1, 300) c, generate_series(1, 1200) n;
CREATE INDEX seats_free ON seats (concert) WHERE NOT held;
CREATE TABLE orders (id bigserial PRIMARY KEY, customer int NOT NULL, concert int NOT NULL, seats int[] NOT NULL, status text NOT NULL,
    ordered timestamptz NOT NULL, ticket text) WITH (fillfactor = 80);
INSERT INTO orders (customer, concert, seats, status, ordered, ticket)
    SELECT n * 17 % 30000, n % 300 + 1, ARRAY[n % 1200], 'printed', now() - n * interval '1 minute', repeat(md5(n::text), 6)
    FROM generate_series(1, 400000) n;
CREATE INDEX orders_customer ON orders (customer);
CREATE TABLE payments (id bigserial PRIMARY KEY, ordered bigint NOT NULL, amount int NOT NULL, paid timestamptz NOT NULL);
CREATE TABLE takings (town int PRIMARY KEY, amount bigint NOT NULL) WITH (fillfactor = 10);
INSERT INTO takings SELECT n, 0 FROM generate_series(0, 14) n;
RESET ROLE;
VACUUM ANALYZE;
