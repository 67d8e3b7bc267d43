-- Orders of every type and class: what they ask for, how they belong together, and what took the place of what. Rows of
-- before have NULL there, which is what their documents say.

ALTER TABLE orders
    ADD COLUMN notional                 numeric,
    ADD COLUMN stop_price               numeric,
    ADD COLUMN trail_price              numeric,
    ADD COLUMN trail_percent            numeric,
    ADD COLUMN hwm                      numeric,
    ADD COLUMN take_profit_limit_price  numeric,
    ADD COLUMN stop_loss_stop_price     numeric,
    ADD COLUMN stop_loss_limit_price    numeric,
    ADD COLUMN parent_order_id          text COLLATE "C",
    ADD COLUMN take_profit_order_id     text COLLATE "C",
    ADD COLUMN stop_loss_order_id       text COLLATE "C",
    ADD COLUMN replaces                 text COLLATE "C",
    ADD COLUMN replaced_by              text COLLATE "C",
    ADD COLUMN replaced_at              timestamptz,
    ADD COLUMN triggered_at             timestamptz;

COMMENT ON COLUMN orders.notional IS 'Money that the sender asked for instead of units; NULL when units were given. qty is what it came to.';
COMMENT ON COLUMN orders.stop_price IS 'Price that makes it work; for a trailing stop, where that is now. NULL where the type has none.';
COMMENT ON COLUMN orders.trail_price IS 'How far the stop price follows the market, in money.';
COMMENT ON COLUMN orders.trail_percent IS 'How far the stop price follows the market, in percent.';
COMMENT ON COLUMN orders.hwm IS 'Best price that a trailing stop has seen.';
COMMENT ON COLUMN orders.take_profit_limit_price IS 'Limit price of the take-profit that it brings with it.';
COMMENT ON COLUMN orders.stop_loss_stop_price IS 'Stop price of the stop-loss that it brings with it.';
COMMENT ON COLUMN orders.stop_loss_limit_price IS 'Limit price of the stop-loss that it brings with it; NULL when that executes at the market.';
COMMENT ON COLUMN orders.parent_order_id IS 'Order that it is a leg of.';
COMMENT ON COLUMN orders.take_profit_order_id IS 'Its leg that takes the profit.';
COMMENT ON COLUMN orders.stop_loss_order_id IS 'Its leg that limits the loss.';
COMMENT ON COLUMN orders.replaces IS 'Order in whose place it came.';
COMMENT ON COLUMN orders.replaced_by IS 'Order that came in its place.';
COMMENT ON COLUMN orders.replaced_at IS 'When another order came in its place.';
COMMENT ON COLUMN orders.triggered_at IS 'When the market reached its stop price.';
COMMENT ON COLUMN orders.qty IS 'Units ordered; of an exit, what there is to exit from.';
COMMENT ON COLUMN orders.reason IS 'Why it was rejected, canceled, expired or replaced.';

CREATE OR REPLACE VIEW order_latency AS
SELECT o.account_id,
       o.id,
       o.symbol,
       o.type,
       o.priority,
       o.status,
       o.created_at,
       s.sent_at,
       f.first_fill_at,
       coalesce(o.filled_at, o.canceled_at, o.expired_at, o.failed_at, o.replaced_at) AS ended_at,
       round(extract(epoch FROM s.sent_at - o.created_at) * 1000, 3) AS queue_ms,
       round(extract(epoch FROM f.first_fill_at - s.sent_at) * 1000, 3) AS broker_ms,
       round(extract(epoch FROM f.first_fill_at - o.created_at) * 1000, 3) AS fill_ms,
       round(extract(epoch FROM coalesce(o.filled_at, o.canceled_at, o.expired_at, o.failed_at, o.replaced_at)
             - o.created_at) * 1000, 3) AS total_ms
FROM orders AS o
LEFT JOIN LATERAL (SELECT min(c.at) AS sent_at
                   FROM state_changes AS c
                   WHERE c.domain = 'order' AND c.partition_key = o.account_id AND c.entity_id = o.id
                     AND c.status = 'pending_new') AS s ON true
LEFT JOIN LATERAL (SELECT min(a.transaction_time) AS first_fill_at
                   FROM activities AS a
                   WHERE a.order_id = o.id AND a.account_id = o.account_id) AS f ON true;
