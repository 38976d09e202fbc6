CREATE DATABASE parcel;
GRANT ALL ON parcel.* TO parcel@'%' IDENTIFIED BY 'parcel';
GRANT PROCESS, REPLICATION CLIENT, SLAVE MONITOR, SELECT ON *.* TO exporter@'%' IDENTIFIED BY 'exporter';
USE parcel;
CREATE TABLE offices (id INT PRIMARY KEY AUTO_INCREMENT, town VARCHAR(40) NOT NULL, name VARCHAR(60) NOT NULL,
    opens VARCHAR(40) NOT NULL, zone INT NOT NULL, KEY (town), UNIQUE KEY (name));
INSERT INTO offices (town, name, opens, zone) SELECT CONCAT('Town ', seq % 150), CONCAT('Office ', seq), 'Mon-Fri 8-18', seq % 9
    FROM seq_1_to_2000;
CREATE TABLE rates (id INT PRIMARY KEY AUTO_INCREMENT, zone INT NOT NULL, grams INT NOT NULL, cents INT NOT NULL, KEY (zone, grams));
INSERT INTO rates (zone, grams, cents) SELECT z.seq, g.seq * 500, 300 + z.seq * 90 + g.seq * 25
    FROM seq_0_to_8 z JOIN seq_1_to_60 g;
CREATE TABLE parcels (id BIGINT PRIMARY KEY AUTO_INCREMENT, customer INT NOT NULL, sender_office INT NOT NULL,
    receiver_office INT NOT NULL, grams INT NOT NULL, cents INT NOT NULL, status VARCHAR(20) NOT NULL, label CHAR(64) NOT NULL
    DEFAULT '', created DATETIME NOT NULL, KEY customer (customer), KEY created (created));
INSERT INTO parcels (customer, sender_office, receiver_office, grams, cents, status, label, created)
    SELECT 1 + FLOOR(RAND(7) * 6000), 1 + FLOOR(RAND(8) * 2000), 1 + FLOOR(RAND(9) * 2000), 500 + FLOOR(RAND(10) * 20000),
        300 + FLOOR(RAND(11) * 2000), 'delivered', SHA2(seq, 256), NOW() - INTERVAL seq MINUTE FROM seq_1_to_240000;
CREATE TABLE events (id BIGINT PRIMARY KEY AUTO_INCREMENT, parcel BIGINT NOT NULL, what VARCHAR(40) NOT NULL, at DATETIME NOT NULL,
    KEY parcel (parcel));
INSERT INTO events (parcel, what, at) SELECT p.id, CONCAT('stage ', s.seq), p.created + INTERVAL s.seq HOUR
    FROM parcels p JOIN seq_1_to_3 s;
ANALYZE TABLE offices, rates, parcels, events;
