CREATE ROLE desk LOGIN;
CREATE DATABASE desk OWNER desk TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C';
\c desk
SELECT setseed(0.5);
CREATE TABLE tickets (id bigserial PRIMARY KEY, agent int NOT NULL, customer int NOT NULL, status text NOT NULL, subject text NOT NULL,
    words tsvector NOT NULL, opened timestamptz NOT NULL, updated timestamptz NOT NULL);
INSERT INTO tickets (agent, customer, status, subject, words, opened, updated)
    SELECT 1 + n % 600, 1 + (random() * 19999)::int, CASE WHEN n / 600 % 12 = 0 THEN 'open' WHEN n / 600 % 12 = 1 THEN 'waiting' ELSE 'closed' END,
        said.subject, to_tsvector('simple', said.subject), now() - n * interval '1 minute', now() - n * interval '1 minute'
    FROM generate_series(1, 120000) n, LATERAL (SELECT string_agg('word' || (random() * random() * 600)::int, ' ') AS subject
        FROM generate_series(n, n + 11)) said;
CREATE INDEX tickets_agent ON tickets (agent, status);
CREATE INDEX tickets_opened ON tickets (opened);
CREATE INDEX tickets_words ON tickets USING gin (words);
CREATE TABLE comments (id bigserial PRIMARY KEY, ticket bigint NOT NULL, author text NOT NULL, body text NOT NULL, at timestamptz NOT NULL);
INSERT INTO comments (ticket, author, body, at) SELECT n, 'p' || n % 20000, repeat(md5(n::text || k), 3), now() - n * interval '1 minute'
    FROM generate_series(1, 120000) n, generate_series(1, 3) k;
CREATE INDEX comments_ticket ON comments (ticket);
ALTER TABLE tickets OWNER TO desk;
ALTER TABLE comments OWNER TO desk;
ANALYZE;
