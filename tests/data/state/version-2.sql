-- SPDX-License-Identifier: Apache-2.0
-- A SQLite state of schema 2, as the blongo before shipments left it. Never edited.
CREATE TABLE article_renames (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        connection BIGINT NOT NULL,
        source_id BIGINT NOT NULL,
        old_number TEXT NOT NULL,
        new_number TEXT NOT NULL,
        at BIGINT NOT NULL);
INSERT INTO "article_renames" VALUES(1,1,41001,'KUBEK','KUBEK-1',1795435200000);
CREATE TABLE articles (
        connection BIGINT NOT NULL,
        number TEXT NOT NULL,
        system_id BIGINT NOT NULL,
        source_id BIGINT NOT NULL,
        product_id BIGINT NOT NULL,
        name TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        agreed TEXT NOT NULL,
        remote TEXT NOT NULL,
        kind TEXT NOT NULL,
        active BIGINT NOT NULL,
        gone BIGINT NOT NULL,
        detail_at BIGINT NOT NULL,
        written_at BIGINT NOT NULL,
        PRIMARY KEY (connection, number));
INSERT INTO "articles" VALUES(1,'KUBEK-1',5000041002,41001,41001,'Kubek biały; 300 ml','f-KUBEK-1','{"articleName":"x"}','','',1,0,1795435200000,1795435200000);
INSERT INTO "articles" VALUES(1,'MISKA ''M''',5000041003,41002,41002,'Miska 😀','f-MISKA ''M''','{"articleName":"x"}','','',1,0,1795435200000,1795435200000);
INSERT INTO "articles" VALUES(1,'OLD-3',5000000001,0,0,'','','','{}','',1,0,1795435200000,1795435200000);
CREATE TABLE blongo_schema (version BIGINT NOT NULL, migrated BIGINT NOT NULL);
INSERT INTO "blongo_schema" VALUES(1,1795435200000);
INSERT INTO "blongo_schema" VALUES(2,1795500000000);
CREATE TABLE budget_accounts (
        account TEXT NOT NULL PRIMARY KEY,
        blocked_until BIGINT NOT NULL DEFAULT 0,
        probe_slot BIGINT NOT NULL DEFAULT 0,
        probe_expires BIGINT NOT NULL DEFAULT 0,
        quiet_until BIGINT NOT NULL DEFAULT 0,
        boot TEXT NOT NULL DEFAULT '',
        anchor_time BIGINT NOT NULL DEFAULT 0,
        anchor_boot BIGINT NOT NULL DEFAULT 0);
CREATE TABLE budget_slots (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        account TEXT NOT NULL,
        class BIGINT NOT NULL,
        owner TEXT NOT NULL,
        host TEXT NOT NULL,
        pid BIGINT NOT NULL,
        began BIGINT NOT NULL,
        ended BIGINT,
        free_at BIGINT NOT NULL);
CREATE TABLE budget_users (
        account TEXT NOT NULL,
        owner TEXT NOT NULL,
        per_minute BIGINT NOT NULL,
        expires BIGINT NOT NULL,
        PRIMARY KEY (account, owner));
CREATE TABLE budget_waiting (
        account TEXT NOT NULL,
        waiter TEXT NOT NULL,
        class BIGINT NOT NULL,
        since BIGINT NOT NULL,
        expires BIGINT NOT NULL,
        PRIMARY KEY (account, waiter));
CREATE TABLE connections (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        ongoing_host TEXT NOT NULL,
        ongoing_path TEXT NOT NULL,
        goods_owner_id BIGINT NOT NULL,
        baselinker_url TEXT NOT NULL,
        inventory_id BIGINT NOT NULL,
        order_number_prefix TEXT NOT NULL,
        paused_until BIGINT,
        first_seen BIGINT NOT NULL);
INSERT INTO "connections" VALUES(1,'acme','api.ongoingsystems.se','/acme',159,'https://api.baselinker.com/connector.php',307,'BL-',NULL,1795435200000);
CREATE TABLE cursors (
        connection BIGINT NOT NULL,
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (connection, name));
INSERT INTO "cursors" VALUES(1,'articles.seen','2026-11-23');
CREATE TABLE due (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        connection BIGINT NOT NULL,
        kind TEXT NOT NULL,
        key TEXT NOT NULL,
        at BIGINT NOT NULL,
        payload TEXT NOT NULL,
        attempt BIGINT NOT NULL);
CREATE TABLE flow_starts (
        connection BIGINT NOT NULL,
        flow TEXT NOT NULL,
        since BIGINT NOT NULL,
        PRIMARY KEY (connection, flow));
CREATE TABLE intents (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        connection BIGINT NOT NULL,
        key TEXT NOT NULL,
        action TEXT NOT NULL,
        payload TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        state BIGINT NOT NULL,
        result TEXT NOT NULL,
        host TEXT NOT NULL,
        pid BIGINT NOT NULL,
        epoch BIGINT NOT NULL,
        attempt BIGINT NOT NULL,
        created BIGINT NOT NULL,
        send_deadline BIGINT NOT NULL,
        settled BIGINT);
CREATE TABLE locks (
        name TEXT NOT NULL PRIMARY KEY,
        lock_key BIGINT NOT NULL,
        epoch BIGINT NOT NULL,
        host TEXT NOT NULL,
        pid BIGINT NOT NULL,
        since BIGINT NOT NULL);
CREATE TABLE order_lines (
        connection BIGINT NOT NULL,
        order_id BIGINT NOT NULL,
        position BIGINT NOT NULL,
        row_number TEXT NOT NULL,
        article TEXT NOT NULL,
        quantity BIGINT NOT NULL,
        PRIMARY KEY (connection, order_id, position));
INSERT INTO "order_lines" VALUES(1,84512345,0,'9001','KUBEK-1',2);
INSERT INTO "order_lines" VALUES(1,84512345,1,'9002','MISKA ''M''',1);
CREATE TABLE orders (
        connection BIGINT NOT NULL,
        order_id BIGINT NOT NULL,
        number TEXT NOT NULL,
        ongoing_id BIGINT NOT NULL,
        state BIGINT NOT NULL,
        adopted BIGINT NOT NULL,
        attempt BIGINT NOT NULL,
        identity TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        agreed TEXT NOT NULL,
        market_number TEXT NOT NULL,
        order_source TEXT NOT NULL,
        base_status BIGINT NOT NULL,
        status_set BIGINT NOT NULL,
        ongoing_status BIGINT NOT NULL,
        date_confirmed BIGINT NOT NULL,
        imported_at BIGINT NOT NULL,
        seen_at BIGINT NOT NULL,
        PRIMARY KEY (connection, order_id));
INSERT INTO "orders" VALUES(1,84512345,'BL-84512345',5000700001,0,0,1,'a1b2','f-84512345','{"remark":"Proszę ''szybko''; dziękuję"}','e5a0-11ef','allegro',7001,0,450,1795499000000,1795499000000,1795500000000);
INSERT INTO "orders" VALUES(1,84512399,'BL-84512399',0,2,0,1,'','','','','',0,0,0,1795500000000,1795500000000,1795500000000);
CREATE TABLE parked (
        connection BIGINT NOT NULL,
        flow TEXT NOT NULL,
        key TEXT NOT NULL,
        cause TEXT NOT NULL,
        detail TEXT NOT NULL,
        label TEXT NOT NULL,
        since BIGINT NOT NULL,
        last_try BIGINT NOT NULL,
        attempts BIGINT NOT NULL,
        next_try BIGINT,
        input TEXT NOT NULL,
        PRIMARY KEY (connection, flow, key));
INSERT INTO "parked" VALUES(1,'articles','#41003','no_sku','the product has no SKU','Talerz',1795435200000,1795435200000,1,NULL,'');
CREATE TABLE runs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        connection BIGINT NOT NULL,
        flow TEXT NOT NULL,
        started BIGINT NOT NULL,
        ended BIGINT,
        complete BIGINT NOT NULL DEFAULT 0,
        exit_code BIGINT NOT NULL DEFAULT 0,
        summary TEXT NOT NULL DEFAULT '',
        host TEXT NOT NULL,
        pid BIGINT NOT NULL);
INSERT INTO "runs" VALUES(1,1,'articles',1795435200000,1795435205000,1,0,'{}','host',42);
CREATE UNIQUE INDEX connections_identity ON connections
        (ongoing_host, ongoing_path, goods_owner_id, baselinker_url, inventory_id);
CREATE INDEX runs_flow ON runs (connection, flow, id);
CREATE INDEX articles_source ON articles (connection, source_id);
CREATE INDEX article_renames_source ON article_renames (connection, source_id);
CREATE UNIQUE INDEX intents_claim ON intents (connection, key) WHERE state IN (0, 3);
CREATE INDEX intents_history ON intents (connection, key, id);
CREATE UNIQUE INDEX due_key ON due (connection, kind, key);
CREATE INDEX due_at ON due (connection, at);
CREATE INDEX budget_slots_free ON budget_slots (account, free_at);
CREATE INDEX orders_number ON orders (connection, number);
CREATE INDEX orders_market_number ON orders (connection, market_number);
CREATE INDEX orders_ongoing_id ON orders (connection, ongoing_id);
CREATE INDEX orders_imported ON orders (connection, imported_at, order_id);
CREATE INDEX orders_seen ON orders (connection, state, seen_at, order_id);
