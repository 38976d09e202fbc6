-- Tokens that the visitors can know, and an archive that makes a lookup without an index cost something: people who are gone,
-- and messages of a room that nobody is in, which arrived from elsewhere (so their place in the stream is negative).
UPDATE access_tokens SET token = 'token-' || split_part(split_part(user_id, ':', 1), '@', 2);
INSERT INTO user_directory (user_id, display_name)
    SELECT '@gone' || n || ':chat', 'Gone ' || n % 977 || ' Kept ' || n % 331 FROM generate_series(1, 150000) n;
INSERT INTO user_directory_search (user_id, vector)
    SELECT user_id, setweight(to_tsvector('simple', user_id), 'A') || setweight(to_tsvector('simple', display_name), 'B')
    FROM user_directory WHERE user_id LIKE '@gone%';
INSERT INTO events (topological_ordering, event_id, type, room_id, processed, outlier, depth, origin_server_ts, received_ts, sender,
        contains_url, instance_name, stream_ordering)
    SELECT n, '$archive' || md5(n::text), 'm.room.message', '!archive:chat', true, false, n, 1500000000000 + n, 1500000000000 + n,
        '@gone' || n % 977 || ':chat', false, 'master', -n FROM generate_series(1, 200000) n;
INSERT INTO event_json (event_id, room_id, internal_metadata, json, format_version)
    SELECT event_id, room_id, '{}', '{"type": "m.room.message", "content": {"body": "' || repeat(md5(event_id) || ' ', 8) || '"}}', 3
    FROM events WHERE room_id = '!archive:chat';
SELECT setval('events_backfill_stream_seq', 200001);
VACUUM ANALYZE;
