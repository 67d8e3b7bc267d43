-- Tables for the domains that were kept as documents in "entities" so far, the columns that documents have and rows
-- lacked, the end of every trading day, and the audit: one row for every change that ever was.
--
-- Nothing points at anything by foreign key, on purpose. Rows of different partitions come in any order, a row that does
-- not fit its table is set aside and the rest goes on, and retention forgets without asking. Keys and versions are what
-- holds the tables together.

-- ---------------------------------------------------------------------- what documents have and rows lacked

ALTER TABLE activities ADD COLUMN execution_id text COLLATE "C", ADD COLUMN order_status text;
COMMENT ON COLUMN activities.id IS 'Order id and execution id, joined by a colon: all fills of an order stand together.';
COMMENT ON COLUMN activities.execution_id IS 'What the broker calls this execution; NULL in rows of before this column.';
COMMENT ON COLUMN activities.order_status IS 'Status of the order after this execution; NULL in rows of before this column.';

ALTER TABLE positions
    ADD COLUMN asset_class text,
    ADD COLUMN asset_id text COLLATE "C",
    ADD COLUMN exchange text,
    ADD COLUMN unrealized_plpc numeric,
    -- Was never written: what is realised belongs to the account.
    DROP COLUMN realized_pl;
COMMENT ON COLUMN positions.asset_class IS 'us_equity or crypto.';
COMMENT ON COLUMN positions.asset_id IS 'Id of the instrument, a UUID made of its symbol.';
COMMENT ON COLUMN positions.exchange IS 'Where it is listed; empty where the symbol does not say.';
COMMENT ON COLUMN positions.unrealized_plpc IS 'unrealized_pl as a part of the cost: 0.05 is five percent.';

ALTER TABLE accounts
    ADD COLUMN portfolio_value numeric,
    ADD COLUMN last_equity numeric,
    ADD COLUMN long_market_value numeric,
    ADD COLUMN short_market_value numeric,
    ADD COLUMN deposits numeric,
    ADD COLUMN trading_day date,
    ADD COLUMN created_at timestamptz;
COMMENT ON COLUMN accounts.portfolio_value IS 'The same as equity, by the name that clients of the API know.';
COMMENT ON COLUMN accounts.last_equity IS 'Equity at the end of the trading day before.';
COMMENT ON COLUMN accounts.long_market_value IS 'Value of what is held.';
COMMENT ON COLUMN accounts.short_market_value IS 'Value of what is owed; zero or negative.';
COMMENT ON COLUMN accounts.daily_pl IS 'equity less last_equity.';
COMMENT ON COLUMN accounts.deposits IS 'Money paid in.';
COMMENT ON COLUMN accounts.trading_day IS 'Day that daily_pl is of, in UTC.';
COMMENT ON COLUMN accounts.created_at IS 'When the account was opened.';

-- Ids ascend within an account only; over all accounts, time does, and a block range index for it costs next to nothing.
CREATE INDEX orders_by_creation ON orders USING brin (created_at);
CREATE INDEX activities_by_transaction ON activities USING brin (transaction_time);

-- ---------------------------------------------------------------------- new tables

CREATE TABLE account_days (
    account_id          text COLLATE "C" NOT NULL,
    trading_day         date NOT NULL,
    last_equity         numeric,
    equity              numeric,
    daily_pl            numeric,
    cash                numeric,
    long_market_value   numeric,
    short_market_value  numeric,
    realized_pl         numeric,
    unrealized_pl       numeric,
    fees                numeric,
    deposits            numeric,
    created_at          timestamptz,
    updated_at          timestamptz,
    version             bigint   NOT NULL,
    partition           smallint NOT NULL,
    PRIMARY KEY (account_id, trading_day)
) WITH (fillfactor = 50);

COMMENT ON TABLE account_days IS 'What each account was worth when it last changed on a trading day. A day without a change has no row.';
COMMENT ON COLUMN account_days.account_id IS 'Account.';
COMMENT ON COLUMN account_days.trading_day IS 'Trading day, in UTC.';
COMMENT ON COLUMN account_days.last_equity IS 'Equity at the end of the trading day before.';
COMMENT ON COLUMN account_days.equity IS 'Cash and the value of all positions.';
COMMENT ON COLUMN account_days.daily_pl IS 'equity less last_equity.';
COMMENT ON COLUMN account_days.cash IS 'Money in the account.';
COMMENT ON COLUMN account_days.long_market_value IS 'Value of what is held.';
COMMENT ON COLUMN account_days.short_market_value IS 'Value of what is owed; zero or negative.';
COMMENT ON COLUMN account_days.realized_pl IS 'Profit or loss of everything sold, since the account was opened.';
COMMENT ON COLUMN account_days.unrealized_pl IS 'Profit or loss of everything held.';
COMMENT ON COLUMN account_days.fees IS 'Fees paid, since the account was opened.';
COMMENT ON COLUMN account_days.deposits IS 'Money paid in, since the account was opened.';
COMMENT ON COLUMN account_days.created_at IS 'When the account was opened.';
COMMENT ON COLUMN account_days.updated_at IS 'When the account last changed on that day.';
COMMENT ON COLUMN account_days.version IS 'Partition version of that change.';
COMMENT ON COLUMN account_days.partition IS 'Partition of the log.';

CREATE TABLE signals (
    account_id   text COLLATE "C" NOT NULL,
    id           text COLLATE "C" NOT NULL,
    strategy     text,
    symbol       text,
    strength     numeric,
    reason       text,
    signaled_at  timestamptz,
    version      bigint   NOT NULL,
    partition    smallint NOT NULL,
    PRIMARY KEY (account_id, id)
);

CREATE INDEX signals_by_time ON signals (account_id, signaled_at, id);

COMMENT ON TABLE signals IS 'What strategies thought of instruments, and when.';
COMMENT ON COLUMN signals.account_id IS 'Account that the strategy trades for.';
COMMENT ON COLUMN signals.id IS 'Signal id, a UUIDv7: text order is time order.';
COMMENT ON COLUMN signals.strategy IS 'Name of the strategy.';
COMMENT ON COLUMN signals.symbol IS 'Instrument.';
COMMENT ON COLUMN signals.strength IS 'From -1 (sell) to 1 (buy).';
COMMENT ON COLUMN signals.reason IS 'Why, in words of the strategy.';
COMMENT ON COLUMN signals.signaled_at IS 'When, in the time of the feed: in the past where a feed replays it.';
COMMENT ON COLUMN signals.version IS 'Partition version of the last change.';
COMMENT ON COLUMN signals.partition IS 'Partition of the log.';

CREATE TABLE strategies (
    account_id     text COLLATE "C" NOT NULL,
    name           text COLLATE "C" NOT NULL,
    state          text,
    since          timestamptz,
    calls          bigint,
    succeeded      bigint,
    timeouts       bigint,
    exceptions     bigint,
    dropped        bigint,
    cancelled      bigint,
    orders         bigint,
    signals        bigint,
    queued         bigint,
    last_error     text,
    last_error_at  timestamptz,
    body           jsonb    NOT NULL,
    version        bigint   NOT NULL,
    partition      smallint NOT NULL,
    PRIMARY KEY (account_id, name)
) WITH (fillfactor = 50);

COMMENT ON TABLE strategies IS 'The strategies that ever ran for an account, as they stand.';
COMMENT ON COLUMN strategies.account_id IS 'Account that it trades for.';
COMMENT ON COLUMN strategies.name IS 'Name of the strategy.';
COMMENT ON COLUMN strategies.state IS 'starting, running, stopping, stopped or parked.';
COMMENT ON COLUMN strategies.since IS 'Since when it has been in that state.';
COMMENT ON COLUMN strategies.calls IS 'Calls of the strategy since it was started.';
COMMENT ON COLUMN strategies.succeeded IS 'Of them, those that ended well.';
COMMENT ON COLUMN strategies.timeouts IS 'Of them, those that took too long.';
COMMENT ON COLUMN strategies.exceptions IS 'Of them, those that threw.';
COMMENT ON COLUMN strategies.dropped IS 'Events that found its queue full.';
COMMENT ON COLUMN strategies.cancelled IS 'Calls that were cancelled, because it was stopped.';
COMMENT ON COLUMN strategies.orders IS 'Orders that it sent.';
COMMENT ON COLUMN strategies.signals IS 'Signals that it gave.';
COMMENT ON COLUMN strategies.queued IS 'Events that waited for it.';
COMMENT ON COLUMN strategies.last_error IS 'What went wrong last; NULL when nothing did.';
COMMENT ON COLUMN strategies.last_error_at IS 'When that was.';
COMMENT ON COLUMN strategies.body IS 'The whole document, with the parameters of the strategy.';
COMMENT ON COLUMN strategies.version IS 'Partition version of the last change.';
COMMENT ON COLUMN strategies.partition IS 'Partition of the log.';

CREATE TABLE quotes (
    feed        text COLLATE "C" NOT NULL,
    symbol      text COLLATE "C" NOT NULL,
    bid_price   numeric,
    bid_size    numeric,
    ask_price   numeric,
    ask_size    numeric,
    last_price  numeric,
    quoted_at   timestamptz,
    version     bigint   NOT NULL,
    partition   smallint NOT NULL,
    PRIMARY KEY (feed, symbol)
) WITH (fillfactor = 50);

COMMENT ON TABLE quotes IS 'The latest quote of each instrument; one every now and then, not each that there was.';
COMMENT ON COLUMN quotes.feed IS 'Where it comes from; market for the feed of the strategy-executor.';
COMMENT ON COLUMN quotes.symbol IS 'Instrument.';
COMMENT ON COLUMN quotes.bid_price IS 'Best price offered for a unit.';
COMMENT ON COLUMN quotes.bid_size IS 'Units wanted at it.';
COMMENT ON COLUMN quotes.ask_price IS 'Best price asked for a unit.';
COMMENT ON COLUMN quotes.ask_size IS 'Units on offer at it.';
COMMENT ON COLUMN quotes.last_price IS 'Price of the last trade.';
COMMENT ON COLUMN quotes.quoted_at IS 'When it held, in the time of the feed.';
COMMENT ON COLUMN quotes.version IS 'Partition version of the last change.';
COMMENT ON COLUMN quotes.partition IS 'Partition of the log.';

CREATE TABLE bars (
    feed         text COLLATE "C" NOT NULL,
    id           text COLLATE "C" NOT NULL,
    symbol       text COLLATE "C",
    duration_ms  bigint,
    opened_at    timestamptz,
    open         numeric,
    high         numeric,
    low          numeric,
    close        numeric,
    volume       numeric,
    version      bigint   NOT NULL,
    partition    smallint NOT NULL,
    PRIMARY KEY (feed, id)
);

CREATE INDEX bars_by_time ON bars (symbol, duration_ms, opened_at);

COMMENT ON TABLE bars IS 'What happened to the price of an instrument over a span of time. Rows outlive the state-store''s memory.';
COMMENT ON COLUMN bars.feed IS 'Where it comes from.';
COMMENT ON COLUMN bars.id IS 'Symbol, duration and start, as their writer joined them.';
COMMENT ON COLUMN bars.symbol IS 'Instrument.';
COMMENT ON COLUMN bars.duration_ms IS 'Length of the span in milliseconds.';
COMMENT ON COLUMN bars.opened_at IS 'Start of the span.';
COMMENT ON COLUMN bars.open IS 'First price.';
COMMENT ON COLUMN bars.high IS 'Highest price.';
COMMENT ON COLUMN bars.low IS 'Lowest price.';
COMMENT ON COLUMN bars.close IS 'Last price.';
COMMENT ON COLUMN bars.volume IS 'Units traded.';
COMMENT ON COLUMN bars.version IS 'Partition version of the last change.';
COMMENT ON COLUMN bars.partition IS 'Partition of the log.';

CREATE TABLE risk (
    account_id     text COLLATE "C" NOT NULL,
    id             text COLLATE "C" NOT NULL,
    trading_state  text,
    reason         text,
    actor          text,
    updated_at     timestamptz,
    body           jsonb    NOT NULL,
    version        bigint   NOT NULL,
    partition      smallint NOT NULL,
    PRIMARY KEY (account_id, id)
);

COMMENT ON TABLE risk IS 'Trading states and limits, as they are now. Who changed them when is in state_changes.';
COMMENT ON COLUMN risk.account_id IS 'Account, or global for what holds for all.';
COMMENT ON COLUMN risk.id IS 'What it is, such as trading-state.';
COMMENT ON COLUMN risk.trading_state IS 'active, reducing or halted; NULL for what is no trading state.';
COMMENT ON COLUMN risk.reason IS 'Why, in words of who set it.';
COMMENT ON COLUMN risk.actor IS 'Who set it.';
COMMENT ON COLUMN risk.updated_at IS 'When.';
COMMENT ON COLUMN risk.body IS 'The whole document.';
COMMENT ON COLUMN risk.version IS 'Partition version of the last change.';
COMMENT ON COLUMN risk.partition IS 'Partition of the log.';

CREATE TABLE alerts (
    partition_key    text COLLATE "C" NOT NULL,
    id               text COLLATE "C" NOT NULL,
    code             text,
    subject          text,
    severity         text,
    status           text,
    reason           text,
    raised_at        timestamptz,
    acknowledged_at  timestamptz,
    resolved_at      timestamptz,
    updated_at       timestamptz,
    body             jsonb    NOT NULL,
    version          bigint   NOT NULL,
    partition        smallint NOT NULL,
    PRIMARY KEY (partition_key, id)
);

CREATE INDEX alerts_by_time ON alerts (raised_at);

COMMENT ON TABLE alerts IS 'What was not as it should be. Rows outlive the state-store''s memory.';
COMMENT ON COLUMN alerts.partition_key IS 'Whose it is; global for the machine and the services.';
COMMENT ON COLUMN alerts.id IS 'Which one.';
COMMENT ON COLUMN alerts.code IS 'Stable name of the rule, such as cpu_high.';
COMMENT ON COLUMN alerts.subject IS 'What it is about: a service, machine, redis, postgres.';
COMMENT ON COLUMN alerts.severity IS 'How bad it is, in words of the rule.';
COMMENT ON COLUMN alerts.status IS 'Whether it stands, is acknowledged or resolved.';
COMMENT ON COLUMN alerts.reason IS 'For people, with the value and its limit.';
COMMENT ON COLUMN alerts.raised_at IS 'When it was raised.';
COMMENT ON COLUMN alerts.acknowledged_at IS 'When somebody took notice.';
COMMENT ON COLUMN alerts.resolved_at IS 'When it was over.';
COMMENT ON COLUMN alerts.updated_at IS 'When it last changed.';
COMMENT ON COLUMN alerts.body IS 'The whole document.';
COMMENT ON COLUMN alerts.version IS 'Partition version of the last change.';
COMMENT ON COLUMN alerts.partition IS 'Partition of the log.';

-- ---------------------------------------------------------------------- the audit

-- One table per week of writing, like log_archive and for its reasons. Fixed widths first: nothing is lost to alignment.
CREATE TABLE state_changes (
    version         bigint      NOT NULL CHECK (version >= 1),
    at              timestamptz NOT NULL,
    recorded_at     timestamptz NOT NULL DEFAULT now(),
    ordinal         integer     NOT NULL CHECK (ordinal >= 1),
    bytes           integer     NOT NULL,
    partition       smallint    NOT NULL,
    domain          text COLLATE "C" NOT NULL,
    partition_key   text COLLATE "C" NOT NULL,
    entity_id       text COLLATE "C" NOT NULL,
    kind            text        NOT NULL,
    status          text,
    transaction_id  text        NOT NULL,
    correlation_id  text,
    causation_id    text,
    actor           text,
    PRIMARY KEY (domain, partition_key, entity_id, version, ordinal, recorded_at)
) PARTITION BY RANGE (recorded_at);

CREATE INDEX state_changes_by_time ON state_changes USING brin (at);

COMMENT ON TABLE state_changes IS 'The audit: every change of every entity, once, also those that the tables never showed because another came right behind. Append only; whole weeks leave by retention. The document that a change put is in log_archive, in the entry that holds its version.';
COMMENT ON COLUMN state_changes.version IS 'Partition version that the change belongs to: all changes of one transaction have the same.';
COMMENT ON COLUMN state_changes.at IS 'When it was committed in the log.';
COMMENT ON COLUMN state_changes.recorded_at IS 'When it was written here, by the clock of this server; decides the week.';
COMMENT ON COLUMN state_changes.ordinal IS 'Which change of its transaction it is, from 1.';
COMMENT ON COLUMN state_changes.bytes IS 'Size of the document that was put; 0 for a delete.';
COMMENT ON COLUMN state_changes.partition IS 'Partition of the log.';
COMMENT ON COLUMN state_changes.domain IS 'What kind of thing changed, such as order.';
COMMENT ON COLUMN state_changes.partition_key IS 'Whose it is: an account, a feed.';
COMMENT ON COLUMN state_changes.entity_id IS 'Which one.';
COMMENT ON COLUMN state_changes.kind IS 'put; delete; or forget, when the state-store let go of what these tables keep.';
COMMENT ON COLUMN state_changes.status IS 'What the entity was from then on: status of an order or an alert, state of a strategy, trading state; NULL where there is no such thing.';
COMMENT ON COLUMN state_changes.transaction_id IS 'Transaction that made the change.';
COMMENT ON COLUMN state_changes.correlation_id IS 'Request or event at the beginning of the chain.';
COMMENT ON COLUMN state_changes.causation_id IS 'The direct cause: a command, a transaction, an execution report.';
COMMENT ON COLUMN state_changes.actor IS 'Who: an API key, a strategy, a service.';

-- ---------------------------------------------------------------------- what moves out of "entities"

-- Document by document, because one that somebody wrote in a shape of his own must neither stop the upgrade nor get
-- lost: it is set aside like any change that does not fit its table.
DO $$
DECLARE
    e record;
    j jsonb;
BEGIN
    FOR e IN SELECT * FROM entities WHERE domain IN ('signal', 'strategy', 'market', 'bar', 'risk', 'alert') LOOP
        j := e.body;
        BEGIN
            CASE e.domain
            WHEN 'signal' THEN
                INSERT INTO signals VALUES (e.partition_key, e.id, j->>'strategy', j->>'symbol',
                    (j->>'strength')::numeric, j->>'reason', (j->>'time')::timestamptz, e.version, e.partition);
            WHEN 'strategy' THEN
                INSERT INTO strategies VALUES (e.partition_key, e.id, j->>'state', (j->>'since')::timestamptz,
                    (j->>'calls')::bigint, (j->>'succeeded')::bigint, (j->>'timeouts')::bigint,
                    (j->>'exceptions')::bigint, (j->>'dropped')::bigint, (j->>'cancelled')::bigint,
                    (j->>'orders')::bigint, (j->>'signals')::bigint, (j->>'queued')::bigint, j->>'last_error',
                    (j->>'last_error_at')::timestamptz, j, e.version, e.partition);
            WHEN 'market' THEN
                INSERT INTO quotes VALUES (e.partition_key, e.id, (j->>'bid_price')::numeric,
                    (j->>'bid_size')::numeric, (j->>'ask_price')::numeric, (j->>'ask_size')::numeric,
                    (j->>'last_price')::numeric, (j->>'time')::timestamptz, e.version, e.partition);
            WHEN 'bar' THEN
                INSERT INTO bars VALUES (e.partition_key, e.id, j->>'symbol', (j->>'duration_ms')::bigint,
                    (j->>'opened_at')::timestamptz, (j->>'open')::numeric, (j->>'high')::numeric,
                    (j->>'low')::numeric, (j->>'close')::numeric, (j->>'volume')::numeric, e.version, e.partition);
            WHEN 'risk' THEN
                INSERT INTO risk VALUES (e.partition_key, e.id, j->>'trading_state', j->>'reason', j->>'actor',
                    (j->>'updated_at')::timestamptz, j, e.version, e.partition);
            ELSE
                INSERT INTO alerts VALUES (e.partition_key, e.id, j->>'code', j->>'subject', j->>'severity',
                    j->>'status', j->>'reason', (j->>'raised_at')::timestamptz,
                    (j->>'acknowledged_at')::timestamptz, (j->>'resolved_at')::timestamptz,
                    (j->>'updated_at')::timestamptz, j, e.version, e.partition);
            END CASE;
        EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN
            INSERT INTO dead_letters (partition, version, domain, partition_key, entity_id, sql_state, reason, payload)
            VALUES (e.partition, e.version, e.domain, e.partition_key, e.id, SQLSTATE,
                'moving it out of entities: ' || SQLERRM, convert_to(j::text, 'UTF8'));
        END;
    END LOOP;
    DELETE FROM entities WHERE domain IN ('signal', 'strategy', 'market', 'bar', 'risk', 'alert');
END $$;

COMMENT ON COLUMN dead_letters.id IS 'Which one; later ones are larger.';
COMMENT ON COLUMN entities.domain IS 'What kind of thing it is; a domain of another team, or one that is too new to have a table.';

-- ---------------------------------------------------------------------- views

CREATE VIEW daily_pl AS
SELECT account_id,
       trading_day,
       last_equity AS equity_before,
       equity,
       daily_pl,
       round(daily_pl / nullif(last_equity, 0) * 100, 4) AS daily_pl_percent,
       CASE WHEN first_known AND NOT opened THEN NULL ELSE realized_pl - realized_before END AS realized_pl,
       CASE WHEN first_known AND NOT opened THEN NULL ELSE fees - fees_before END AS fees,
       unrealized_pl,
       updated_at
FROM (SELECT *,
             lag(realized_pl, 1, 0::numeric) OVER days AS realized_before,
             lag(fees, 1, 0::numeric) OVER days AS fees_before,
             lag(trading_day) OVER days IS NULL AS first_known,
             coalesce((created_at AT TIME ZONE 'UTC')::date = trading_day, false) AS opened
      FROM account_days
      WINDOW days AS (PARTITION BY account_id ORDER BY trading_day)) AS d;

COMMENT ON VIEW daily_pl IS 'Profit or loss of each account on each trading day on which it changed.';
COMMENT ON COLUMN daily_pl.equity_before IS 'Equity at the end of the trading day before.';
COMMENT ON COLUMN daily_pl.daily_pl_percent IS 'daily_pl as a percentage of equity_before; NULL when that was zero.';
COMMENT ON COLUMN daily_pl.realized_pl IS 'Realised on this day; NULL on the first day that is known of an account that is older.';
COMMENT ON COLUMN daily_pl.fees IS 'Paid on this day; NULL on the first day that is known of an account that is older.';
COMMENT ON COLUMN daily_pl.unrealized_pl IS 'Of what was held when the account last changed on this day.';

CREATE VIEW order_latency AS
SELECT o.account_id,
       o.id,
       o.symbol,
       o.type,
       o.priority,
       o.status,
       o.created_at,
       s.sent_at,
       f.first_fill_at,
       coalesce(o.filled_at, o.canceled_at, o.expired_at, o.failed_at) AS ended_at,
       round(extract(epoch FROM s.sent_at - o.created_at) * 1000, 3) AS queue_ms,
       round(extract(epoch FROM f.first_fill_at - s.sent_at) * 1000, 3) AS broker_ms,
       round(extract(epoch FROM f.first_fill_at - o.created_at) * 1000, 3) AS fill_ms,
       round(extract(epoch FROM coalesce(o.filled_at, o.canceled_at, o.expired_at, o.failed_at) - o.created_at)
             * 1000, 3) AS total_ms
FROM orders AS o
LEFT JOIN LATERAL (SELECT min(c.at) AS sent_at
                   FROM state_changes AS c
                   WHERE c.domain = 'order' AND c.partition_key = o.account_id AND c.entity_id = o.id
                     AND c.status = 'pending_new') AS s ON true
LEFT JOIN LATERAL (SELECT min(a.transaction_time) AS first_fill_at
                   FROM activities AS a
                   WHERE a.order_id = o.id AND a.account_id = o.account_id) AS f ON true;

COMMENT ON VIEW order_latency IS 'How long each order took from step to step. Ask for a span of created_at or for some orders: each row looks into the audit.';
COMMENT ON COLUMN order_latency.sent_at IS 'When the intent to send it was durable; NULL when it never was, or when the audit of that week has left.';
COMMENT ON COLUMN order_latency.first_fill_at IS 'When it was first executed, by the clock of the broker.';
COMMENT ON COLUMN order_latency.ended_at IS 'When it was filled, canceled, expired or rejected; NULL while it is open.';
COMMENT ON COLUMN order_latency.queue_ms IS 'From accepted to sent, milliseconds.';
COMMENT ON COLUMN order_latency.broker_ms IS 'From sent to the first fill, milliseconds; the two clocks may differ.';
COMMENT ON COLUMN order_latency.fill_ms IS 'From accepted to the first fill, milliseconds.';
COMMENT ON COLUMN order_latency.total_ms IS 'From accepted to its end, milliseconds.';
