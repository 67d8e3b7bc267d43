import { KeyedNodes, byId, element, setData, setHidden, setText } from './dom.js';
import { count, direction, fromNumber, money, percent, price, quantity, signedMoney, toNumber, words } from './format.js';
import { quotesBySymbol } from './market.js';

/**
 * Open positions, valued with the newest quote. The value and the unrealized gain are display figures in floating
 * point; what the books say is in the account's figures and is not computed here.
 */

const MAX_ROWS = 200;

/** Open positions with `mark`, `value` and `unrealized` as display numbers. */
export function livePositions(store) {
  const quotes = quotesBySymbol(store);
  const open = [];
  for (const entry of store.entries('positions').values()) {
    const size = signedSize(entry.data);
    if (size) {
      open.push({ entry, ...valued(entry.data, size, quotes.get(entry.data.symbol)) });
    }
  }
  return open.sort((a, b) => (a.entry.data.symbol < b.entry.data.symbol ? -1 : 1));
}

function signedSize(position) {
  const size = toNumber(position.qty);
  return position.side === 'short' && size > 0 ? -size : size;
}

function valued(position, size, quote) {
  const markText = quote?.last_price ?? position.current_price;
  const mark = toNumber(markText);
  const entryPrice = toNumber(position.avg_entry_price);
  const live = (mark - entryPrice) * size;
  return {
    size,
    markText,
    value: mark * size,
    unrealized: Number.isFinite(live) ? live : toNumber(position.unrealized_pl) || 0,
    cost: entryPrice * size,
  };
}

export class Positions {
  #store;
  #rows;
  #count = byId('positions-count');
  #empty = byId('positions-empty');

  /** @param offset called with a position whose closing order shall be prepared */
  constructor(store, offset) {
    this.#store = store;
    const body = byId('positions').tBodies[0];
    this.#rows = new KeyedNodes(body, (item) => createRow(item, offset), updateRow);
  }

  paint() {
    const open = livePositions(this.#store);
    this.#rows.render(open.slice(0, MAX_ROWS), (item) => item.entry.key);
    setText(this.#count, open.length ? count(open.length) : '');
    setHidden(this.#empty, open.length > 0);
  }
}

function createRow(item, offset) {
  const node = element('tr');
  const symbol = element('th', 'symbol');
  symbol.scope = 'row';
  const row = { node, item, symbol };
  const close = element('button', 'button quiet row-action', 'Close…');
  close.type = 'button';
  close.addEventListener('click', () => offset(row.item.entry.data, row.item.size));
  Object.assign(row, {
    side: element('td', 'roomy'),
    qty: element('td', 'num'),
    avg: element('td', 'num roomy'),
    mark: element('td', 'num'),
    value: element('td', 'num wide'),
    gain: element('span'),
    share: element('span', 'share'),
    realized: element('td', 'num wide'),
    close,
  });
  const gainCell = element('td', 'num', '', row.gain, row.share);
  node.append(symbol, row.side, row.qty, row.avg, row.mark, row.value, gainCell, row.realized,
    element('td', 'action', '', close));
  return row;
}

function updateRow(row, item) {
  const position = item.entry.data;
  row.item = item;
  setData(row.node, 'symbol', position.symbol ?? '');
  setText(row.symbol, position.symbol ?? '');
  const side = item.size < 0 ? 'short' : 'long';
  setText(row.side, words(side));
  setData(row.side, 'side', side);
  setText(row.qty, quantity(position.qty));
  setText(row.avg, price(position.avg_entry_price));
  setText(row.mark, price(item.markText));
  setText(row.value, money(fromNumber(item.value) ?? position.market_value));
  setText(row.gain, signedMoney(fromNumber(item.unrealized)));
  setData(row.gain, 'direction', direction(item.unrealized));
  setText(row.share, percent(item.unrealized, item.cost));
  setText(row.realized, signedMoney(position.realized_pl));
  setData(row.realized, 'direction', direction(position.realized_pl));
  const label = `Prepare an order that closes the position in ${position.symbol}`;
  if (row.close.getAttribute('aria-label') !== label) {
    row.close.setAttribute('aria-label', label);
  }
}
