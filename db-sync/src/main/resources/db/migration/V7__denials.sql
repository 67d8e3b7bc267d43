-- Orders and cancels that were denied: who wanted what, and why not. Records are new each time and never changed; they
-- outlive the state, which lets go of them soon.

CREATE TABLE denials (
    account_id       text COLLATE "C" NOT NULL,
    id               text COLLATE "C" NOT NULL,
    reason           text,
    code             bigint,
    message          text,
    field            text,
    request          text,
    client_order_id  text,
    order_id         text COLLATE "C",
    symbol           text,
    side             text,
    type             text,
    time_in_force    text,
    qty              numeric,
    notional         numeric,
    limit_price      numeric,
    stop_price       numeric,
    actor            text,
    correlation_id   text,
    count            bigint,
    denied_since     timestamptz,
    denied_at        timestamptz,
    version          bigint   NOT NULL,
    partition        smallint NOT NULL,
    PRIMARY KEY (account_id, id)
);

CREATE INDEX denials_by_time ON denials USING brin (denied_at);

COMMENT ON TABLE denials IS 'Orders and cancels that were denied, and why. Many of one account and reason within a second are one row with their number.';
COMMENT ON COLUMN denials.account_id IS 'Account.';
COMMENT ON COLUMN denials.id IS 'Id of the record, a UUIDv7: text order is time order.';
COMMENT ON COLUMN denials.reason IS 'Why, as a stable name such as RISK_MAX_ORDER_QTY.';
COMMENT ON COLUMN denials.code IS 'The same as the number that the sender was told; its first three digits are the HTTP status.';
COMMENT ON COLUMN denials.message IS 'What the sender was told; of several, the last.';
COMMENT ON COLUMN denials.field IS 'Offending field of the request; NULL when it was none.';
COMMENT ON COLUMN denials.request IS 'order or cancel.';
COMMENT ON COLUMN denials.client_order_id IS 'Name that the sender gave the order; NULL for a cancel.';
COMMENT ON COLUMN denials.order_id IS 'Order that was to be canceled; NULL for an order.';
COMMENT ON COLUMN denials.symbol IS 'Instrument.';
COMMENT ON COLUMN denials.side IS 'buy or sell.';
COMMENT ON COLUMN denials.type IS 'Type of the order.';
COMMENT ON COLUMN denials.time_in_force IS 'How long the order was to live.';
COMMENT ON COLUMN denials.qty IS 'Units ordered; NULL when a notional said how much.';
COMMENT ON COLUMN denials.notional IS 'Money ordered for; NULL when a quantity said how much.';
COMMENT ON COLUMN denials.limit_price IS 'Limit of the order.';
COMMENT ON COLUMN denials.stop_price IS 'Stop price of the order.';
COMMENT ON COLUMN denials.actor IS 'API key or strategy that sent it.';
COMMENT ON COLUMN denials.correlation_id IS 'Request that it came with.';
COMMENT ON COLUMN denials.count IS 'How many denials this row stands for; all its other columns are those of the last.';
COMMENT ON COLUMN denials.denied_since IS 'When the first of them was denied.';
COMMENT ON COLUMN denials.denied_at IS 'When the last of them was denied.';
COMMENT ON COLUMN denials.version IS 'Partition version in which it was recorded.';
COMMENT ON COLUMN denials.partition IS 'Partition of the log.';
