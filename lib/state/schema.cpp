// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/migrations_impl.hpp>

namespace blongo::state {
namespace {

/// Times are milliseconds since 1970 UTC; flags are 0 and 1; numbers are BIGINT throughout,
/// because SOCI cuts an "integer" of SQLite to 32 bits.
const std::vector<std::string> version_1{
    R"(CREATE TABLE connections (
        id {id},
        name {text} NOT NULL,
        ongoing_host {text} NOT NULL,
        ongoing_path {text} NOT NULL,
        goods_owner_id BIGINT NOT NULL,
        baselinker_url {text} NOT NULL,
        inventory_id BIGINT NOT NULL,
        order_number_prefix {text} NOT NULL,
        paused_until BIGINT,
        first_seen BIGINT NOT NULL))",
    R"(CREATE UNIQUE INDEX connections_identity ON connections
        (ongoing_host, ongoing_path, goods_owner_id, baselinker_url, inventory_id))",

    R"(CREATE TABLE runs (
        id {id},
        connection BIGINT NOT NULL,
        flow {text} NOT NULL,
        started BIGINT NOT NULL,
        ended BIGINT,
        complete BIGINT NOT NULL DEFAULT 0,
        exit_code BIGINT NOT NULL DEFAULT 0,
        summary {text} NOT NULL DEFAULT '',
        host {text} NOT NULL,
        pid BIGINT NOT NULL))",
    "CREATE INDEX runs_flow ON runs (connection, flow, id)",

    R"(CREATE TABLE flow_starts (
        connection BIGINT NOT NULL,
        flow {text} NOT NULL,
        since BIGINT NOT NULL,
        PRIMARY KEY (connection, flow)))",

    R"(CREATE TABLE cursors (
        connection BIGINT NOT NULL,
        name {text} NOT NULL,
        value {text} NOT NULL,
        PRIMARY KEY (connection, name)))",

    R"(CREATE TABLE articles (
        connection BIGINT NOT NULL,
        number {text} NOT NULL,
        system_id BIGINT NOT NULL,
        source_id BIGINT NOT NULL,
        product_id BIGINT NOT NULL,
        name {text} NOT NULL,
        fingerprint {text} NOT NULL,
        agreed {text} NOT NULL,
        remote {text} NOT NULL,
        kind {text} NOT NULL,
        active BIGINT NOT NULL,
        gone BIGINT NOT NULL,
        detail_at BIGINT NOT NULL,
        written_at BIGINT NOT NULL,
        PRIMARY KEY (connection, number)))",
    "CREATE INDEX articles_source ON articles (connection, source_id)",

    R"(CREATE TABLE article_renames (
        id {id},
        connection BIGINT NOT NULL,
        source_id BIGINT NOT NULL,
        old_number {text} NOT NULL,
        new_number {text} NOT NULL,
        at BIGINT NOT NULL))",
    "CREATE INDEX article_renames_source ON article_renames (connection, source_id)",

    R"(CREATE TABLE parked (
        connection BIGINT NOT NULL,
        flow {text} NOT NULL,
        key {text} NOT NULL,
        cause {text} NOT NULL,
        detail {text} NOT NULL,
        label {text} NOT NULL,
        since BIGINT NOT NULL,
        last_try BIGINT NOT NULL,
        attempts BIGINT NOT NULL,
        next_try BIGINT,
        input {text} NOT NULL,
        PRIMARY KEY (connection, flow, key)))",

    // State of an intent: 0 open, 1 done, 2 refused, 3 unknown, 4 withdrawn.
    R"(CREATE TABLE intents (
        id {id},
        connection BIGINT NOT NULL,
        key {text} NOT NULL,
        action {text} NOT NULL,
        payload {text} NOT NULL,
        fingerprint {text} NOT NULL,
        state BIGINT NOT NULL,
        result {text} NOT NULL,
        host {text} NOT NULL,
        pid BIGINT NOT NULL,
        epoch BIGINT NOT NULL,
        attempt BIGINT NOT NULL,
        created BIGINT NOT NULL,
        send_deadline BIGINT NOT NULL,
        settled BIGINT))",
    "CREATE UNIQUE INDEX intents_claim ON intents (connection, key) WHERE state IN (0, 3)",
    "CREATE INDEX intents_history ON intents (connection, key, id)",

    R"(CREATE TABLE due (
        id {id},
        connection BIGINT NOT NULL,
        kind {text} NOT NULL,
        key {text} NOT NULL,
        at BIGINT NOT NULL,
        payload {text} NOT NULL,
        attempt BIGINT NOT NULL))",
    "CREATE UNIQUE INDEX due_key ON due (connection, kind, key)",
    "CREATE INDEX due_at ON due (connection, at)",

    R"(CREATE TABLE locks (
        name {text} NOT NULL PRIMARY KEY,
        lock_key BIGINT NOT NULL,
        epoch BIGINT NOT NULL,
        host {text} NOT NULL,
        pid BIGINT NOT NULL,
        since BIGINT NOT NULL))",

    R"(CREATE TABLE budget_accounts (
        account {text} NOT NULL PRIMARY KEY,
        blocked_until BIGINT NOT NULL DEFAULT 0,
        probe_slot BIGINT NOT NULL DEFAULT 0,
        probe_expires BIGINT NOT NULL DEFAULT 0,
        quiet_until BIGINT NOT NULL DEFAULT 0,
        boot {text} NOT NULL DEFAULT '',
        anchor_time BIGINT NOT NULL DEFAULT 0,
        anchor_boot BIGINT NOT NULL DEFAULT 0))",
    R"(CREATE TABLE budget_slots (
        id {id},
        account {text} NOT NULL,
        class BIGINT NOT NULL,
        owner {text} NOT NULL,
        host {text} NOT NULL,
        pid BIGINT NOT NULL,
        began BIGINT NOT NULL,
        ended BIGINT,
        free_at BIGINT NOT NULL))",
    "CREATE INDEX budget_slots_free ON budget_slots (account, free_at)",
    R"(CREATE TABLE budget_users (
        account {text} NOT NULL,
        owner {text} NOT NULL,
        per_minute BIGINT NOT NULL,
        expires BIGINT NOT NULL,
        PRIMARY KEY (account, owner)))",
    R"(CREATE TABLE budget_waiting (
        account {text} NOT NULL,
        waiter {text} NOT NULL,
        class BIGINT NOT NULL,
        since BIGINT NOT NULL,
        expires BIGINT NOT NULL,
        PRIMARY KEY (account, waiter)))",
};

const std::vector<std::string> version_2{
    // State of an order: 0 imported, 1 finished before adoption, 2 cancelled.
    R"(CREATE TABLE orders (
        connection BIGINT NOT NULL,
        order_id BIGINT NOT NULL,
        number {text} NOT NULL,
        ongoing_id BIGINT NOT NULL,
        state BIGINT NOT NULL,
        adopted BIGINT NOT NULL,
        attempt BIGINT NOT NULL,
        identity {text} NOT NULL,
        fingerprint {text} NOT NULL,
        agreed {text} NOT NULL,
        market_number {text} NOT NULL,
        order_source {text} NOT NULL,
        base_status BIGINT NOT NULL,
        status_set BIGINT NOT NULL,
        ongoing_status BIGINT NOT NULL,
        date_confirmed BIGINT NOT NULL,
        imported_at BIGINT NOT NULL,
        seen_at BIGINT NOT NULL,
        PRIMARY KEY (connection, order_id)))",
    "CREATE INDEX orders_number ON orders (connection, number)",
    "CREATE INDEX orders_market_number ON orders (connection, market_number)",
    "CREATE INDEX orders_ongoing_id ON orders (connection, ongoing_id)",
    "CREATE INDEX orders_imported ON orders (connection, imported_at, order_id)",
    "CREATE INDEX orders_seen ON orders (connection, state, seen_at, order_id)",

    R"(CREATE TABLE order_lines (
        connection BIGINT NOT NULL,
        order_id BIGINT NOT NULL,
        position BIGINT NOT NULL,
        row_number {text} NOT NULL,
        article {text} NOT NULL,
        quantity BIGINT NOT NULL,
        PRIMARY KEY (connection, order_id, position)))",
};

const std::vector<std::string> version_3{
    // State of a delivery: 0 due, 1 booking, 2 booked, 3 labelled, 4 done, 5 no shipment, 6 cancelled.
    // manifested: the package_id that `manifest` names, so that another package of the delivery is on none.
    R"(CREATE TABLE deliveries (
        connection BIGINT NOT NULL,
        order_id BIGINT NOT NULL,
        number BIGINT NOT NULL,
        state BIGINT NOT NULL,
        order_number {text} NOT NULL,
        ongoing_id BIGINT NOT NULL,
        event {text} NOT NULL,
        quantities {text} NOT NULL,
        is_short BIGINT NOT NULL,
        parcels {text} NOT NULL,
        parcels_fingerprint {text} NOT NULL,
        rule {text} NOT NULL,
        strategy {text} NOT NULL,
        courier_code {text} NOT NULL,
        account_id BIGINT NOT NULL,
        package_id BIGINT NOT NULL,
        package_number {text} NOT NULL,
        inner_number {text} NOT NULL,
        tracking_url {text} NOT NULL,
        tracking_status BIGINT NOT NULL,
        adopted BIGINT NOT NULL,
        cod {text} NOT NULL,
        steps {text} NOT NULL,
        kept_instruction {text} NOT NULL,
        wishes {text} NOT NULL,
        sent_at BIGINT NOT NULL,
        booked_at BIGINT,
        labelled_at BIGINT,
        done_at BIGINT,
        printed_at BIGINT,
        cancelled_at BIGINT,
        manifest {text} NOT NULL DEFAULT '',
        manifested BIGINT NOT NULL DEFAULT 0,
        PRIMARY KEY (connection, order_id, number)))",
    "CREATE INDEX deliveries_state ON deliveries (connection, state, sent_at, order_id, number)",
    "CREATE INDEX deliveries_sent ON deliveries (connection, sent_at, order_id, number)",
    "CREATE INDEX deliveries_ongoing ON deliveries (connection, ongoing_id)",
    "CREATE INDEX deliveries_package ON deliveries (connection, package_id)",
    "CREATE INDEX deliveries_package_number ON deliveries (connection, package_number)",
    "CREATE INDEX deliveries_inner_number ON deliveries (connection, inner_number)",
    R"(CREATE INDEX deliveries_no_manifest ON deliveries (connection, courier_code, sent_at, order_id, number)
        WHERE package_id <> manifested)",

    R"(CREATE TABLE sightings (
        connection BIGINT NOT NULL,
        ongoing_id BIGINT NOT NULL,
        status BIGINT NOT NULL,
        shipped BIGINT,
        event_id BIGINT NOT NULL,
        first_send_seen BIGINT,
        seen_at BIGINT NOT NULL,
        PRIMARY KEY (connection, ongoing_id)))",

    // bytes: base64, with PostgreSQL only; with SQLite they are files.
    R"(CREATE TABLE labels (
        connection BIGINT NOT NULL,
        order_id BIGINT NOT NULL,
        delivery BIGINT NOT NULL,
        package_id BIGINT NOT NULL,
        file_index BIGINT NOT NULL,
        file_name {text} NOT NULL,
        extension {text} NOT NULL,
        mime_type {text} NOT NULL,
        sha256 {text} NOT NULL,
        size BIGINT NOT NULL,
        pages BIGINT NOT NULL,
        file_id BIGINT NOT NULL,
        stored BIGINT NOT NULL,
        uploaded BIGINT,
        printed BIGINT,
        erased BIGINT,
        bytes {text} NOT NULL DEFAULT '',
        PRIMARY KEY (connection, order_id, delivery, package_id, file_index)))",
    "CREATE INDEX labels_kept ON labels (connection, stored) WHERE erased IS NULL",
};

const std::vector<std::string> version_4{
    "ALTER TABLE articles ADD COLUMN is_bundle BIGINT NOT NULL DEFAULT 0",
    "CREATE INDEX articles_product ON articles (connection, product_id)",
    R"(CREATE TABLE stock (
        connection BIGINT NOT NULL,
        number {text} NOT NULL,
        product_id BIGINT NOT NULL,
        observed {text} NOT NULL,
        pushed {text} NOT NULL,
        is_parent BIGINT NOT NULL,
        moved BIGINT NOT NULL DEFAULT 0,
        pushed_at BIGINT,
        PRIMARY KEY (connection, number)))",

    // State of an order's demand: 0 waiting, 1 held by Ongoing, 2 closed.
    R"(CREATE TABLE demands (
        connection BIGINT NOT NULL,
        order_id BIGINT NOT NULL,
        status BIGINT NOT NULL,
        state BIGINT NOT NULL,
        confirmed BIGINT NOT NULL,
        lines {text} NOT NULL,
        asked {text} NOT NULL,
        waiting {text} NOT NULL,
        PRIMARY KEY (connection, order_id)))",
};

const std::vector<std::string> version_5{
    // absent_at and closed_at: 0: never. freed: JSON object, article number -> pieces that an update or a cancellation
    // freed and no other order has taken over.
    "ALTER TABLE orders ADD COLUMN source_mark {text} NOT NULL DEFAULT ''",
    "ALTER TABLE orders ADD COLUMN newest_id BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE orders ADD COLUMN tried {text} NOT NULL DEFAULT ''",
    "ALTER TABLE orders ADD COLUMN absent_at BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE orders ADD COLUMN warehouse_told BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE orders ADD COLUMN freed {text} NOT NULL DEFAULT ''",
    "ALTER TABLE orders ADD COLUMN merged_into BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE orders ADD COLUMN closed_at BIGINT NOT NULL DEFAULT 0",
    "CREATE INDEX orders_watched ON orders (connection, state, closed_at, seen_at, order_id)",

    R"(CREATE TABLE holds (
        connection BIGINT NOT NULL,
        order_id BIGINT NOT NULL,
        since BIGINT NOT NULL,
        who {text} NOT NULL,
        reason {text} NOT NULL,
        PRIMARY KEY (connection, order_id)))",

    // What Send is foreseen to refuse of an order.
    R"(CREATE TABLE forecasts (
        connection BIGINT NOT NULL,
        order_id BIGINT NOT NULL,
        order_number {text} NOT NULL,
        cause {text} NOT NULL,
        detail {text} NOT NULL,
        since BIGINT NOT NULL,
        PRIMARY KEY (connection, order_id)))",
    // state and fate: ReturnState, ReturnStatusFate. Times: 0: never.
    R"(CREATE TABLE returns (
        connection BIGINT NOT NULL,
        return_id BIGINT NOT NULL,
        order_id BIGINT NOT NULL,
        number {text} NOT NULL,
        ongoing_id BIGINT NOT NULL,
        state BIGINT NOT NULL,
        adopted BIGINT NOT NULL,
        fingerprint {text} NOT NULL,
        base_status BIGINT NOT NULL,
        sent_status BIGINT NOT NULL,
        fate BIGINT NOT NULL,
        sent_at BIGINT NOT NULL,
        seen_at BIGINT NOT NULL,
        looked_at BIGINT NOT NULL,
        received_at BIGINT NOT NULL,
        PRIMARY KEY (connection, return_id)))",
    "CREATE INDEX returns_open ON returns (connection, state, looked_at, return_id)",
    "CREATE INDEX returns_sent ON returns (connection, sent_at, return_id)",
    "CREATE INDEX returns_wanted ON returns (connection, received_at, return_id) WHERE fate = 1",
    R"(CREATE TABLE return_lines (
        connection BIGINT NOT NULL,
        return_id BIGINT NOT NULL,
        position BIGINT NOT NULL,
        row_number {text} NOT NULL,
        article {text} NOT NULL,
        quantity BIGINT NOT NULL,
        received {text} NOT NULL,
        PRIMARY KEY (connection, return_id, position)))",
};

const std::vector<std::string> version_6{
    // ends: NULL: until somebody resumes it.
    R"(CREATE TABLE pauses (
        connection BIGINT NOT NULL,
        since BIGINT NOT NULL,
        ends BIGINT,
        who {text} NOT NULL,
        reason {text} NOT NULL,
        PRIMARY KEY (connection)))",

    // What [notify] told. told_at: 0: not told yet. claimed_until: a process is telling it.
    R"(CREATE TABLE alerts (
        connection BIGINT NOT NULL,
        kind {text} NOT NULL,
        key {text} NOT NULL,
        first_at BIGINT NOT NULL,
        told_at BIGINT NOT NULL,
        claimed_until BIGINT NOT NULL,
        content {text} NOT NULL,
        PRIMARY KEY (connection, kind, key)))",
};

const std::vector<std::string> version_7{
    // Pauses have a table of their own since version 6; nothing ever wrote this column.
    "ALTER TABLE connections DROP COLUMN paused_until",
};

/// The audit, what is known of moves, and of personal data that is gone.
const std::vector<std::string> version_8{
    // The state left for another place (away: 1, a tombstone), or came from one (ended: NULL: not usable yet).
    R"(CREATE TABLE moves (
        token {text} NOT NULL PRIMARY KEY,
        away BIGINT NOT NULL,
        place {text} NOT NULL,
        url {text} NOT NULL,
        host {text} NOT NULL,
        at BIGINT NOT NULL,
        ended BIGINT))",

    // Append only, by triggers; `chain` is the id of the connection, which the audit outlives. What of a row is about a
    // person stands in it as an HMAC under the object's salt: salts and words can be erased, and the chain still closes.
    R"(CREATE TABLE audit (
        chain BIGINT NOT NULL,
        seq BIGINT NOT NULL,
        at BIGINT NOT NULL,
        name {text} NOT NULL,
        actor {text} NOT NULL,
        kind {text} NOT NULL,
        flow {text} NOT NULL,
        object {text} NOT NULL,
        verb {text} NOT NULL,
        endpoint {text} NOT NULL,
        outcome {text} NOT NULL,
        code {text} NOT NULL,
        request {text} NOT NULL,
        response {text} NOT NULL,
        was {text} NOT NULL,
        became {text} NOT NULL,
        detail {text} NOT NULL,
        erased {text} NOT NULL,
        salt_mark {text} NOT NULL,
        hash {text} NOT NULL,
        PRIMARY KEY (chain, seq)))",
    "CREATE INDEX audit_object ON audit (object, chain, seq)",
    R"(CREATE TABLE audit_actors (
        id {text} NOT NULL PRIMARY KEY,
        login {text} NOT NULL,
        sudo_user {text} NOT NULL,
        host {text} NOT NULL,
        acting_as {text} NOT NULL,
        command {text} NOT NULL,
        version {text} NOT NULL))",
    "CREATE TABLE audit_heads (chain BIGINT NOT NULL PRIMARY KEY, seq BIGINT NOT NULL, hash {text} NOT NULL)",
    R"(CREATE TABLE audit_salts (
        chain BIGINT NOT NULL,
        object {text} NOT NULL,
        salt {text} NOT NULL,
        PRIMARY KEY (chain, object)))",
    R"(CREATE TABLE audit_words (
        chain BIGINT NOT NULL,
        seq BIGINT NOT NULL,
        object {text} NOT NULL,
        words {text} NOT NULL,
        PRIMARY KEY (chain, seq)))",
    "CREATE INDEX audit_words_object ON audit_words (chain, object)",
    "CREATE TABLE state_keys (name {text} NOT NULL PRIMARY KEY, secret {text} NOT NULL)",
    // Since when nothing personal of a finished order is kept; 0: it is.
    "ALTER TABLE orders ADD COLUMN erased_at BIGINT NOT NULL DEFAULT 0",
    // Since when a label is gone from Ongoing on purpose.
    "ALTER TABLE labels ADD COLUMN withdrawn BIGINT",
    "CREATE INDEX labels_in_ongoing ON labels (connection, uploaded) WHERE withdrawn IS NULL",
    "CREATE INDEX orders_to_erase ON orders (connection, closed_at, seen_at) WHERE erased_at = 0",
    "{sqlite}CREATE TRIGGER audit_keep BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append only'); END",
    "{sqlite}CREATE TRIGGER audit_stay BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append only'); END",
    // INSERT OR REPLACE deletes without asking the trigger above.
    "{sqlite}CREATE TRIGGER audit_once BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE chain = NEW.chain AND "
    "seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'the audit is append only'); END",
    "{sqlite}CREATE TRIGGER audit_actors_keep BEFORE UPDATE ON audit_actors BEGIN SELECT RAISE(ABORT, 'the audit is append "
    "only'); END",
    "{sqlite}CREATE TRIGGER audit_actors_stay BEFORE DELETE ON audit_actors BEGIN SELECT RAISE(ABORT, 'the audit is append "
    "only'); END",
    "{sqlite}CREATE TRIGGER audit_words_keep BEFORE UPDATE ON audit_words BEGIN SELECT RAISE(ABORT, 'the audit is append "
    "only'); END",
    "{postgresql}CREATE FUNCTION blongo_append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''the audit is "
    "append only''; END'",
    "{postgresql}CREATE TRIGGER audit_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION "
    "blongo_append_only()",
    "{postgresql}CREATE TRIGGER audit_actors_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_actors FOR EACH STATEMENT EXECUTE "
    "FUNCTION blongo_append_only()",
    "{postgresql}CREATE TRIGGER audit_words_keep BEFORE UPDATE ON audit_words FOR EACH STATEMENT EXECUTE FUNCTION "
    "blongo_append_only()",
};

const std::vector<std::string> version_9{
    // Every call counts the slots of its account: from the index alone.
    "DROP INDEX budget_slots_free",
    "CREATE INDEX budget_slots_free ON budget_slots (account, free_at, class, began)",
};

const std::vector<std::string> version_10{
    // Whom an order goes to, as a keyed mark: merged orders are looked for among those of one receiver.
    "ALTER TABLE orders ADD COLUMN receiver {text} NOT NULL DEFAULT ''",
    "CREATE INDEX orders_receiver ON orders (connection, receiver, state, closed_at, order_id)",
    "CREATE INDEX order_lines_row ON order_lines (connection, row_number)",
};

const std::vector<Migration>& list() {
    static const std::vector<Migration> all{{1, version_1}, {2, version_2}, {3, version_3}, {4, version_4}, {5, version_5},
                                            {6, version_6}, {7, version_7}, {8, version_8}, {9, version_9}, {10, version_10}};
    return all;
}

} // namespace

std::span<const Migration> migrations() {
    return list();
}

int Store::newest_schema() noexcept {
    return list().back().version;
}

} // namespace blongo::state
