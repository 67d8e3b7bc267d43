/**
 * Text for people. Decimals arrive as strings and are rounded and grouped as text, digit by digit, so that no amount
 * is bent by binary floating point on its way to the screen.
 */

export const MISSING = '—';
const MINUS = '\u2212';
const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;
const PRICE_DIGITS = 6;
const QTY_DIGITS = 9;

/** `value` with at least `min` and at most `max` digits after the point, half rounded up; MISSING if it is no decimal. */
export function decimal(value, min, max) {
  const match = DECIMAL.exec(value ?? '');
  if (!match) {
    return MISSING;
  }
  const [, sign, whole, fraction = ''] = match;
  let scaled = BigInt(whole + fraction.slice(0, max).padEnd(max, '0'));
  if (fraction.length > max && fraction[max] >= '5') {
    scaled += 1n;
  }
  const digits = scaled.toString().padStart(max + 1, '0');
  const point = digits.length - max;
  let tail = digits.slice(point);
  while (tail.length > min && tail.endsWith('0')) {
    tail = tail.slice(0, -1);
  }
  const head = digits.slice(0, point).replace(/\B(?=(\d{3})+$)/g, ',');
  return (sign && scaled !== 0n ? MINUS : '') + head + (tail ? `.${tail}` : '');
}

export const money = (value) => decimal(value, 2, 2);
export const price = (value) => decimal(value, 2, PRICE_DIGITS);
export const quantity = (value) => decimal(value, 0, QTY_DIGITS);
export const count = (value) => decimal(String(value), 0, 0);

/** With an explicit plus, so that gain and loss do not differ by colour alone. */
export function signedMoney(value) {
  const text = money(value);
  return text === MISSING || text.startsWith(MINUS) || text === '0.00' ? text : `+${text}`;
}

/** A number made for display only, as the decimal text the other functions take. */
export function fromNumber(number) {
  return Number.isFinite(number) ? number.toFixed(9) : undefined;
}

/** 'up', 'down' or 'flat': which way an amount points. */
export function direction(value) {
  const number = Number(value ?? NaN);
  return number > 0 ? 'up' : number < 0 ? 'down' : 'flat';
}

/** The display number behind a decimal string; NaN when it is missing. */
export function toNumber(value) {
  return value === undefined || value === null || value === '' ? NaN : Number(value);
}

/** `+1.25%` of `part` in `whole`, for display. */
export function percent(part, whole) {
  const share = (toNumber(part) / Math.abs(toNumber(whole))) * 100;
  const text = Number.isFinite(share) ? decimal(share.toFixed(6), 2, 2) : MISSING;
  return text === MISSING ? '' : `${share > 0 ? '+' : ''}${text}%`;
}

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
});
const dayAndClock = new Intl.DateTimeFormat(undefined, {
  month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
});

/** Time of day if it was today, otherwise day and time. */
export function time(ms) {
  if (!Number.isFinite(ms)) {
    return MISSING;
  }
  const then = new Date(ms);
  const today = then.toDateString() === new Date().toDateString();
  return (today ? clock : dayAndClock).format(then);
}

/** How long ago or how long since: `< 1 s`, `12 s`, `3 min`, `2 h`. */
export function duration(ms) {
  if (ms < 1_000) {
    return '< 1 s';
  }
  if (ms < 120_000) {
    return `${Math.floor(ms / 1_000)} s`;
  }
  return ms < 7_200_000 ? `${Math.floor(ms / 60_000)} min` : `${Math.floor(ms / 3_600_000)} h`;
}

/** `partially_filled` as words. */
export const words = (text) => (text ? text.replaceAll('_', ' ') : MISSING);

/** One line that names an order: `buy 10 AAPL`. */
export const orderLine = (order) => `${order.side ?? ''} ${quantity(order.qty)} ${order.symbol ?? ''}`.trim();
