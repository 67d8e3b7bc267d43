-- Positions and accounts tell what they won or lost today, and what of them is still free. Rows of before get the new
-- columns with their next change, which for an account is the next start of the order-queue.

ALTER TABLE positions
    ADD COLUMN qty_available             numeric,
    ADD COLUMN intraday_basis            numeric,
    ADD COLUMN unrealized_intraday_pl    numeric,
    ADD COLUMN unrealized_intraday_plpc  numeric,
    ADD COLUMN lastday_price             numeric,
    ADD COLUMN change_today              numeric,
    ADD COLUMN trading_day               date;

COMMENT ON COLUMN positions.qty_available IS 'Units that no open order sells, or buys back; negative when short.';
COMMENT ON COLUMN positions.intraday_basis IS 'What it was worth when its trading day began, and what was bought since; negative when short.';
COMMENT ON COLUMN positions.unrealized_intraday_pl IS 'market_value less intraday_basis.';
COMMENT ON COLUMN positions.unrealized_intraday_plpc IS 'unrealized_intraday_pl as a part of intraday_basis; zero when that was zero.';
COMMENT ON COLUMN positions.lastday_price IS 'Last price of a unit before its trading day began; NULL when none was seen.';
COMMENT ON COLUMN positions.change_today IS 'Change of the price since then, as a part of it.';
COMMENT ON COLUMN positions.trading_day IS 'Trading day of the market that intraday results are of.';

ALTER TABLE accounts
    ADD COLUMN daily_realized_pl    numeric,
    ADD COLUMN daily_fees           numeric,
    ADD COLUMN initial_margin       numeric,
    ADD COLUMN maintenance_margin   numeric,
    ADD COLUMN shorting_enabled     boolean;

COMMENT ON COLUMN accounts.daily_realized_pl IS 'Profit or loss of everything sold, or bought back, on trading_day.';
COMMENT ON COLUMN accounts.daily_fees IS 'Fees paid on trading_day.';
COMMENT ON COLUMN accounts.initial_margin IS 'Own money that the positions bind.';
COMMENT ON COLUMN accounts.maintenance_margin IS 'The same: nothing is lent.';
COMMENT ON COLUMN accounts.shorting_enabled IS 'Whether it may sell shares that it does not hold.';
COMMENT ON COLUMN accounts.trading_day IS 'Trading day of the market, in the zone that order-queue.trading-day names.';

ALTER TABLE account_days
    ADD COLUMN daily_realized_pl  numeric,
    ADD COLUMN daily_fees         numeric;

COMMENT ON COLUMN account_days.daily_realized_pl IS 'Profit or loss of everything sold, or bought back, on that day; NULL on days of before it was counted.';
COMMENT ON COLUMN account_days.daily_fees IS 'Fees paid on that day; NULL on days of before they were counted.';
COMMENT ON COLUMN account_days.trading_day IS 'Trading day of the market, in the zone that order-queue.trading-day names.';

-- The day is not guessed from differences any more, which days without a row and another zone could make wrong.
CREATE OR REPLACE VIEW daily_pl AS
SELECT account_id,
       trading_day,
       last_equity AS equity_before,
       equity,
       daily_pl,
       round(daily_pl / nullif(last_equity, 0) * 100, 4) AS daily_pl_percent,
       coalesce(daily_realized_pl,
                CASE WHEN first_known AND NOT opened THEN NULL ELSE realized_pl - realized_before END) AS realized_pl,
       coalesce(daily_fees, CASE WHEN first_known AND NOT opened THEN NULL ELSE fees - fees_before END) AS fees,
       unrealized_pl,
       updated_at
FROM (SELECT *,
             lag(realized_pl, 1, 0::numeric) OVER days AS realized_before,
             lag(fees, 1, 0::numeric) OVER days AS fees_before,
             lag(trading_day) OVER days IS NULL AS first_known,
             coalesce((created_at AT TIME ZONE 'UTC')::date = trading_day, false) AS opened
      FROM account_days
      WINDOW days AS (PARTITION BY account_id ORDER BY trading_day)) AS d;
