-- The partition logs as tables. One transaction writes a batch of rows together with the offsets that it reaches, so
-- that rows and offsets always agree. Every row carries the partition version that made it: a newer one replaces an
-- older one, never the other way round. Decimals are exact, times are moments (shown in the session's time zone).
--
-- Ids compare by their bytes (COLLATE "C"): order ids then sort by time, and comparing them is cheap. Tables whose rows
-- change often leave room in each page (fillfactor), so that a change without a new index entry stays in its page.

CREATE TABLE sync_offsets (
    partition   smallint    PRIMARY KEY,
    version     bigint      NOT NULL CHECK (version >= 0),
    updated_at  timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE sync_offsets IS 'How far each partition log has been written to these tables. Changed only in the transaction that writes the rows.';
COMMENT ON COLUMN sync_offsets.partition IS 'Partition of the log, 0 to 15.';
COMMENT ON COLUMN sync_offsets.version IS 'Last version of the partition that is in the tables; 0 before the first.';
COMMENT ON COLUMN sync_offsets.updated_at IS 'When that version was written.';

INSERT INTO sync_offsets (partition, version) SELECT p, 0 FROM generate_series(0, 15) AS p;

CREATE TABLE orders (
    account_id        text COLLATE "C" NOT NULL,
    id                text COLLATE "C" NOT NULL,
    client_order_id   text COLLATE "C",
    symbol            text,
    asset_class       text,
    qty               numeric,
    filled_qty        numeric,
    filled_avg_price  numeric,
    order_class       text,
    type              text,
    side              text,
    time_in_force     text,
    limit_price       numeric,
    status            text,
    extended_hours    boolean,
    priority          text,
    executions        bigint,
    source            text,
    reason            text,
    created_at        timestamptz,
    updated_at        timestamptz,
    submitted_at      timestamptz,
    filled_at         timestamptz,
    canceled_at       timestamptz,
    expired_at        timestamptz,
    failed_at         timestamptz,
    version           bigint   NOT NULL,
    partition         smallint NOT NULL,
    PRIMARY KEY (account_id, id),
    CONSTRAINT orders_client_order_id_once UNIQUE (account_id, client_order_id)
) WITH (fillfactor = 80);

CREATE INDEX orders_by_time ON orders (account_id, created_at, id);

COMMENT ON TABLE orders IS 'Every order ever accepted, in its last state. Rows are never removed.';
COMMENT ON COLUMN orders.account_id IS 'Account that the order belongs to.';
COMMENT ON COLUMN orders.id IS 'Order id, a UUIDv7: text order is time order.';
COMMENT ON COLUMN orders.client_order_id IS 'Id given by the sender; once per account.';
COMMENT ON COLUMN orders.symbol IS 'Instrument, such as AAPL or BTC/USD.';
COMMENT ON COLUMN orders.asset_class IS 'us_equity or crypto.';
COMMENT ON COLUMN orders.qty IS 'Units ordered.';
COMMENT ON COLUMN orders.filled_qty IS 'Units executed so far.';
COMMENT ON COLUMN orders.filled_avg_price IS 'Volume-weighted price of all fills; NULL before the first.';
COMMENT ON COLUMN orders.order_class IS 'simple, bracket, oco or oto.';
COMMENT ON COLUMN orders.type IS 'market, limit and so on.';
COMMENT ON COLUMN orders.side IS 'buy or sell.';
COMMENT ON COLUMN orders.time_in_force IS 'day, gtc, ioc, fok, opg or cls.';
COMMENT ON COLUMN orders.limit_price IS 'Worst acceptable price; NULL where the type has none.';
COMMENT ON COLUMN orders.status IS 'Where the order is in its life, in the words of the API.';
COMMENT ON COLUMN orders.extended_hours IS 'Whether it may execute outside regular hours.';
COMMENT ON COLUMN orders.priority IS 'Lane: critical, high, normal or low.';
COMMENT ON COLUMN orders.executions IS 'Number of fills so far.';
COMMENT ON COLUMN orders.source IS 'Who sent it: an API key or a strategy.';
COMMENT ON COLUMN orders.reason IS 'Why it was rejected, canceled or expired.';
COMMENT ON COLUMN orders.created_at IS 'When it was accepted.';
COMMENT ON COLUMN orders.updated_at IS 'When it last changed.';
COMMENT ON COLUMN orders.submitted_at IS 'When it was submitted.';
COMMENT ON COLUMN orders.filled_at IS 'When it was filled completely.';
COMMENT ON COLUMN orders.canceled_at IS 'When it was canceled.';
COMMENT ON COLUMN orders.expired_at IS 'When it expired.';
COMMENT ON COLUMN orders.failed_at IS 'When the broker rejected it.';
COMMENT ON COLUMN orders.version IS 'Partition version of the last change.';
COMMENT ON COLUMN orders.partition IS 'Partition of the log.';

CREATE TABLE activities (
    account_id        text COLLATE "C" NOT NULL,
    id                text COLLATE "C" NOT NULL,
    activity_type     text,
    type              text,
    order_id          text COLLATE "C",
    symbol            text,
    side              text,
    qty               numeric,
    price             numeric,
    fee               numeric,
    cum_qty           numeric,
    leaves_qty        numeric,
    transaction_time  timestamptz,
    version           bigint   NOT NULL,
    partition         smallint NOT NULL,
    PRIMARY KEY (account_id, id)
);

CREATE INDEX activities_by_time ON activities (account_id, transaction_time, id);
CREATE INDEX activities_by_order ON activities (order_id);

COMMENT ON TABLE activities IS 'Fills and other events of an account. Append only: a row never changes and is never removed.';
COMMENT ON COLUMN activities.account_id IS 'Account that the activity belongs to.';
COMMENT ON COLUMN activities.id IS 'Execution id.';
COMMENT ON COLUMN activities.activity_type IS 'FILL for executions.';
COMMENT ON COLUMN activities.type IS 'fill or partial_fill.';
COMMENT ON COLUMN activities.order_id IS 'Order that was executed.';
COMMENT ON COLUMN activities.symbol IS 'Instrument.';
COMMENT ON COLUMN activities.side IS 'buy or sell.';
COMMENT ON COLUMN activities.qty IS 'Units of this execution.';
COMMENT ON COLUMN activities.price IS 'Price per unit.';
COMMENT ON COLUMN activities.fee IS 'Fee of this execution, in the currency of the account.';
COMMENT ON COLUMN activities.cum_qty IS 'Units of the order executed so far, this execution included.';
COMMENT ON COLUMN activities.leaves_qty IS 'Units of the order still open after this execution.';
COMMENT ON COLUMN activities.transaction_time IS 'When it happened at the broker.';
COMMENT ON COLUMN activities.version IS 'Partition version that recorded it.';
COMMENT ON COLUMN activities.partition IS 'Partition of the log.';

CREATE TABLE positions (
    account_id       text COLLATE "C" NOT NULL,
    symbol           text COLLATE "C" NOT NULL,
    qty              numeric,
    side             text,
    avg_entry_price  numeric,
    cost_basis       numeric,
    current_price    numeric,
    market_value     numeric,
    unrealized_pl    numeric,
    realized_pl      numeric,
    updated_at       timestamptz,
    version          bigint   NOT NULL,
    partition        smallint NOT NULL,
    PRIMARY KEY (account_id, symbol)
) WITH (fillfactor = 50);

COMMENT ON TABLE positions IS 'What each account holds now.';
COMMENT ON COLUMN positions.account_id IS 'Account that holds it.';
COMMENT ON COLUMN positions.symbol IS 'Instrument.';
COMMENT ON COLUMN positions.qty IS 'Units held; negative when short.';
COMMENT ON COLUMN positions.side IS 'long or short.';
COMMENT ON COLUMN positions.avg_entry_price IS 'Average price paid per unit held.';
COMMENT ON COLUMN positions.cost_basis IS 'What the units held cost.';
COMMENT ON COLUMN positions.current_price IS 'Price at the last change of the position.';
COMMENT ON COLUMN positions.market_value IS 'Value at that price.';
COMMENT ON COLUMN positions.unrealized_pl IS 'Profit or loss on the units held, at that price.';
COMMENT ON COLUMN positions.realized_pl IS 'Profit or loss on the units sold.';
COMMENT ON COLUMN positions.updated_at IS 'When the position last changed.';
COMMENT ON COLUMN positions.version IS 'Partition version of the last change.';
COMMENT ON COLUMN positions.partition IS 'Partition of the log.';

CREATE TABLE accounts (
    id              text COLLATE "C" PRIMARY KEY,
    account_number  text,
    status          text,
    currency        text,
    cash            numeric,
    equity          numeric,
    buying_power    numeric,
    realized_pl     numeric,
    unrealized_pl   numeric,
    fees            numeric,
    daily_pl        numeric,
    updated_at      timestamptz,
    version         bigint   NOT NULL,
    partition       smallint NOT NULL
) WITH (fillfactor = 50);

COMMENT ON TABLE accounts IS 'The accounts, as they are now.';
COMMENT ON COLUMN accounts.id IS 'Account id.';
COMMENT ON COLUMN accounts.account_number IS 'Number as shown to people.';
COMMENT ON COLUMN accounts.status IS 'Such as ACTIVE.';
COMMENT ON COLUMN accounts.currency IS 'Currency of every amount in this row.';
COMMENT ON COLUMN accounts.cash IS 'Money in the account.';
COMMENT ON COLUMN accounts.equity IS 'Cash and the value of all positions.';
COMMENT ON COLUMN accounts.buying_power IS 'What new orders may cost.';
COMMENT ON COLUMN accounts.realized_pl IS 'Profit or loss of everything sold.';
COMMENT ON COLUMN accounts.unrealized_pl IS 'Profit or loss of everything held.';
COMMENT ON COLUMN accounts.fees IS 'Fees paid so far.';
COMMENT ON COLUMN accounts.daily_pl IS 'Profit or loss since the last daily reset.';
COMMENT ON COLUMN accounts.updated_at IS 'When the account last changed.';
COMMENT ON COLUMN accounts.version IS 'Partition version of the last change.';
COMMENT ON COLUMN accounts.partition IS 'Partition of the log.';

CREATE TABLE entities (
    domain         text COLLATE "C" NOT NULL,
    partition_key  text COLLATE "C" NOT NULL,
    id             text COLLATE "C" NOT NULL,
    version        bigint      NOT NULL,
    partition      smallint    NOT NULL,
    updated_at     timestamptz NOT NULL,
    body           jsonb       NOT NULL,
    PRIMARY KEY (domain, partition_key, id)
) WITH (fillfactor = 70);

COMMENT ON TABLE entities IS 'Entities of every domain that has no table of its own, as they are now.';
COMMENT ON COLUMN entities.domain IS 'What kind of thing it is, such as market or signal.';
COMMENT ON COLUMN entities.partition_key IS 'Whose it is: an account, a feed.';
COMMENT ON COLUMN entities.id IS 'Which one.';
COMMENT ON COLUMN entities.version IS 'Partition version of the last change.';
COMMENT ON COLUMN entities.partition IS 'Partition of the log.';
COMMENT ON COLUMN entities.updated_at IS 'When that change was committed.';
COMMENT ON COLUMN entities.body IS 'The document.';

CREATE TABLE dead_letters (
    id             bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    partition      smallint    NOT NULL,
    version        bigint      NOT NULL,
    domain         text        NOT NULL,
    partition_key  text        NOT NULL,
    entity_id      text        NOT NULL,
    sql_state      text,
    reason         text        NOT NULL,
    payload        bytea,
    at             timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX dead_letters_by_version ON dead_letters (partition, version);

COMMENT ON TABLE dead_letters IS 'Changes that did not fit their table. The rest of their batch was written without them.';
COMMENT ON COLUMN dead_letters.partition IS 'Partition of the log.';
COMMENT ON COLUMN dead_letters.version IS 'Partition version of the change.';
COMMENT ON COLUMN dead_letters.domain IS 'Domain of the entity.';
COMMENT ON COLUMN dead_letters.partition_key IS 'Partition key of the entity.';
COMMENT ON COLUMN dead_letters.entity_id IS 'Id of the entity.';
COMMENT ON COLUMN dead_letters.sql_state IS 'What Postgres called it; NULL when the document did not even reach Postgres.';
COMMENT ON COLUMN dead_letters.reason IS 'Why it did not fit, in words.';
COMMENT ON COLUMN dead_letters.payload IS 'The document, byte by byte as its writer encoded it; NULL for a delete.';
COMMENT ON COLUMN dead_letters.at IS 'When it was set aside.';
