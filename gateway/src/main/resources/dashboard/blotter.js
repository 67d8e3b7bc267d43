import { KeyedNodes, byId, element, setData, setHidden, setText } from './dom.js';
import { count, orderLine, price, quantity, time, toNumber, words } from './format.js';
import { isCancelable, isOpen, newestFirst } from './store.js';

/** The orders, newest first, as many as a person can use. */

const MAX_ROWS = 200;

export class Blotter {
  #store;
  #preferences;
  #rows;
  #canceling = new Set();
  #count = byId('blotter-count');
  #empty = byId('blotter-empty');
  #cancelAll = byId('cancel-all');
  #symbol = byId('filter-symbol');

  /**
   * @param actions `cancel(order)` resolves when the request was taken, rejects with its failure; `cancelAll(count)`
   * @param repaint asks for a new frame
   */
  constructor(store, preferences, actions, repaint) {
    this.#store = store;
    this.#preferences = preferences;
    const create = (entry) => createRow(entry, (row) => this.#cancel(row, actions, repaint));
    this.#rows = new KeyedNodes(byId('blotter').tBodies[0], create, (row, entry) => this.#update(row, entry));
    this.#cancelAll.addEventListener('click', () => actions.cancelAll(this.#countCancelable()));
    this.#restoreFilters(repaint);
  }

  paint() {
    const onlyOpen = this.#preferences.get('filter') === 'open';
    const symbol = this.#preferences.get('symbol').trim().toUpperCase();
    const matching = [...this.#store.entries('orders').values()].filter((entry) =>
      (!onlyOpen || isOpen(entry.data)) && (!symbol || (entry.data.symbol ?? '').toUpperCase().startsWith(symbol)));
    matching.sort(newestFirst);
    this.#rows.render(matching.slice(0, MAX_ROWS), (entry) => entry.key);
    this.#forgetFinishedCancels();

    const total = count(matching.length) + (this.#store.truncated.has('orders') ? '+' : '');
    const shown = matching.length > MAX_ROWS ? `newest ${MAX_ROWS} of ${total}` : total;
    setText(this.#count, matching.length ? shown : '');
    setHidden(this.#empty, matching.length > 0);
    setText(this.#empty, onlyOpen || symbol ? 'No orders match the filter.' : 'No orders yet.');
    const disabled = this.#countCancelable() === 0;
    if (this.#cancelAll.disabled !== disabled) {
      this.#cancelAll.disabled = disabled;
    }
  }

  #countCancelable() {
    return [...this.#store.entries('orders').values()].filter((entry) => isCancelable(entry.data)).length;
  }

  #restoreFilters(repaint) {
    byId(`filter-${this.#preferences.get('filter')}`).checked = true;
    this.#symbol.value = this.#preferences.get('symbol');
    ['open', 'all'].forEach((name) => byId(`filter-${name}`).addEventListener('change', () => {
      this.#preferences.set('filter', name);
      repaint();
    }));
    this.#symbol.addEventListener('input', () => {
      this.#preferences.set('symbol', this.#symbol.value);
      repaint();
    });
  }

  async #cancel(row, actions, repaint) {
    const { key, data } = row.entry;
    if (this.#canceling.has(key)) {
      return;
    }
    this.#canceling.add(key);
    repaint();
    try {
      await actions.cancel(data);
    } catch {
      this.#canceling.delete(key); // the action has told why; the button comes back
    }
    repaint();
  }

  #forgetFinishedCancels() {
    for (const key of this.#canceling) {
      const entry = this.#store.entries('orders').get(key);
      if (!entry || !isCancelable(entry.data)) {
        this.#canceling.delete(key);
      }
    }
  }

  #update(row, entry) {
    const busy = this.#canceling.has(entry.key);
    if (row.entry === entry && row.busy === busy) {
      return;
    }
    row.entry = entry;
    row.busy = busy;
    updateRow(row, entry, busy);
  }
}

function createRow(entry, cancel) {
  const node = element('tr');
  const symbol = element('th', 'symbol');
  symbol.scope = 'row';
  const button = element('button', 'button quiet row-action', 'Cancel');
  button.type = 'button';
  const row = {
    node,
    entry: null,
    busy: false,
    time: element('td', 'time'),
    symbol,
    side: element('td'),
    type: element('td', 'type wide'),
    filled: element('span', 'filled'),
    bar: element('progress', 'fill-bar'),
    limit: element('td', 'num wide'),
    avg: element('td', 'num roomy'),
    tif: element('td', 'wide'),
    priority: element('td', 'wide'),
    pill: element('span', 'pill'),
    reason: element('span', 'reason'),
    button,
  };
  row.bar.max = 1;
  row.bar.setAttribute('aria-hidden', 'true');
  button.addEventListener('click', () => cancel(row));
  node.append(row.time, symbol, row.side, row.type, element('td', 'num fill-cell', '', row.filled, row.bar), row.limit, row.avg,
    row.tif, row.priority, element('td', 'status', '', row.pill, row.reason), element('td', 'action', '', button));
  return row;
}

function updateRow(row, entry, busy) {
  const order = entry.data;
  setData(row.node, 'orderId', order.id ?? entry.key);
  setData(row.node, 'status', order.status ?? '');
  setText(row.time, time(entry.at));
  row.time.title = `${order.created_at ?? ''}\n${order.id ?? ''}\n${order.client_order_id ?? ''}`;
  setText(row.symbol, order.symbol ?? '');
  setText(row.side, words(order.side));
  setData(row.side, 'side', order.side ?? '');
  setText(row.type, words(order.type));
  setText(row.filled, `${quantity(order.filled_qty ?? '0')} / ${quantity(order.qty)}`);
  row.bar.value = Math.min(1, toNumber(order.filled_qty) / toNumber(order.qty) || 0);
  setText(row.limit, price(order.limit_price));
  setText(row.avg, price(order.filled_avg_price));
  setText(row.tif, order.time_in_force ? order.time_in_force.toUpperCase() : '');
  setText(row.priority, words(order.priority));
  setData(row.priority, 'priority', order.priority ?? '');
  setText(row.pill, words(order.status));
  setText(row.reason, order.reason ?? '');
  row.reason.title = order.reason ?? '';
  paintButton(row, order, busy);
}

function paintButton(row, order, busy) {
  const cancelable = isCancelable(order);
  if (!cancelable && document.activeElement === row.button) {
    // The button is about to go: keep the keyboard where the reader is.
    byId('blotter-scroll').focus({ preventScroll: true });
  }
  setHidden(row.button, !cancelable);
  // Not `disabled`, which would take the keyboard focus away.
  row.button.setAttribute('aria-disabled', String(busy));
  setText(row.button, busy ? 'Canceling' : 'Cancel');
  row.button.setAttribute('aria-label', `${busy ? 'Canceling' : 'Cancel'} order ${orderLine(order)}`);
}
