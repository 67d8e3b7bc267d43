-- What a database of the first schema may hold: a filled order and an open one, and documents of every domain that had no
-- table of its own then, one of them in a shape that nobody expects.

INSERT INTO orders (account_id, id, client_order_id, symbol, asset_class, qty, filled_qty, filled_avg_price, order_class,
    type, side, time_in_force, status, extended_hours, priority, executions, source, created_at, updated_at,
    submitted_at, filled_at, version, partition)
VALUES ('alice', 'o-1', 'c-1', 'AAPL', 'us_equity', 1, 1, 187.5, 'simple', 'market', 'buy', 'day', 'filled', false,
    'normal', 1, 'key-1', '2026-01-31T09:30:00Z', '2026-01-31T09:30:00.125Z', '2026-01-31T09:30:00Z',
    '2026-01-31T09:30:00.125Z', 3, 4);
INSERT INTO orders (account_id, id, client_order_id, symbol, qty, filled_qty, status, version, partition)
VALUES ('alice', 'o-2', 'c-2', 'MSFT', 2, 0, 'new', 5, 4);

INSERT INTO activities (account_id, id, activity_type, type, order_id, symbol, side, qty, price, fee, version, partition)
VALUES ('alice', 'e-1', 'FILL', 'fill', 'o-1', 'AAPL', 'buy', 1, 187.5, 0, 3, 4);

INSERT INTO positions (account_id, symbol, qty, side, avg_entry_price, cost_basis, version, partition)
VALUES ('alice', 'AAPL', 1, 'long', 187.5, 187.5, 3, 4);

INSERT INTO accounts (id, account_number, status, currency, cash, version, partition)
VALUES ('alice', 'alice', 'ACTIVE', 'USD', 99812.5, 3, 4);

INSERT INTO entities (domain, partition_key, id, version, partition, updated_at, body) VALUES
('signal', 'alice', 's-1', 12, 4, now(), '{"id": "s-1", "strategy": "momentum", "account_id": "alice", "symbol": "AAPL",
    "strength": "0.5", "reason": "rising", "time": "2026-01-31T09:30:00.125Z"}'),
('strategy', 'alice', 'momentum', 11, 4, now(), '{"name": "momentum", "account_id": "alice", "state": "running",
    "since": "2026-01-31T09:00:00Z", "parameters": {"window": "5"}, "calls": 17, "succeeded": 16, "timeouts": 0,
    "exceptions": 1, "dropped": 0, "cancelled": 0, "orders": 2, "signals": 1, "queued": 0, "last_error": "boom",
    "last_error_at": "2026-01-31T09:10:00Z"}'),
('market', 'market', 'AAPL', 900, 9, now(), '{"symbol": "AAPL", "bid_price": "187.49", "bid_size": "100",
    "ask_price": "187.51", "ask_size": "200", "last_price": "187.50", "time": "2026-01-31T09:30:00Z"}'),
('market', 'market', 'odd', 901, 9, now(), '{"bid_price": "a lot"}'),
('risk', 'global', 'trading-state', 2, 7, now(), '{"trading_state": "halted", "reason": "drill", "actor": "ops",
    "updated_at": "2026-01-31T08:00:00Z"}'),
('weather', 'europe', 'oslo', 3, 1, now(), '{"rain": [1, 2]}');

UPDATE sync_offsets SET version = 12 WHERE partition = 4;
