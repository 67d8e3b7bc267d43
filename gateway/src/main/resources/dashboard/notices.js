import { byId, element, setHidden } from './dom.js';
import { time, words, orderLine } from './format.js';

/**
 * The list of things worth telling, newest first and bounded. It is a live region, so it is kept quiet on purpose: of
 * the order traffic only what was sent from this page, and every rejection, is told; a burst becomes one line.
 */

const MAX_NOTICES = 30;
const GATHER_MS = 1_000;
const MAX_SINGLE = 3;
const TOLD_STATUSES = new Set(['filled', 'canceled', 'expired', 'rejected']);

export class Notices {
  #list = byId('notices');
  #empty = byId('notices-empty');
  #gathered = [];
  #timer = 0;

  constructor() {
    byId('notices-clear').addEventListener('click', () => this.clear());
  }

  /** @param level info, ok, warn or error */
  add(level, text) {
    const close = element('button', 'button quiet close', '×');
    close.type = 'button';
    close.setAttribute('aria-label', 'Dismiss this notice');
    const item = element('li', 'notice', '', element('time', 'muted', time(Date.now())), element('p', '', text), close);
    item.dataset.level = level;
    close.addEventListener('click', () => {
      item.remove();
      this.#showEmpty();
    });
    this.#list.prepend(item);
    while (this.#list.childElementCount > MAX_NOTICES) {
      this.#list.lastElementChild.remove();
    }
    this.#showEmpty();
  }

  /** An order reached an end. Told after a moment, together with others of the same moment. */
  orderEnded(order, before, own) {
    if (!TOLD_STATUSES.has(order.status) || before?.status === order.status) {
      return;
    }
    if (own || order.status === 'rejected') {
      this.#gathered.push(order);
      this.#timer ||= setTimeout(() => this.#tell(), GATHER_MS);
    }
  }

  clear() {
    this.#list.replaceChildren();
    this.#gathered = [];
    this.#showEmpty();
  }

  #tell() {
    const orders = this.#gathered;
    this.#gathered = [];
    this.#timer = 0;
    if (orders.length <= MAX_SINGLE) {
      orders.forEach((order) => this.add(levelOf(order), sentence(order)));
      return;
    }
    const byStatus = new Map();
    orders.forEach((order) => byStatus.set(order.status, (byStatus.get(order.status) ?? 0) + 1));
    const parts = [...byStatus].map(([status, n]) => `${n} ${words(status)}`);
    this.add(byStatus.has('rejected') ? 'error' : 'info', `Orders: ${parts.join(', ')}`);
  }

  #showEmpty() {
    setHidden(this.#empty, this.#list.childElementCount > 0);
  }
}

const levelOf = (order) => ({ filled: 'ok', rejected: 'error' })[order.status] ?? 'info';

function sentence(order) {
  const why = order.reason ? `: ${order.reason}` : '';
  const line = orderLine(order);
  return `${line.charAt(0).toUpperCase()}${line.slice(1)} ${words(order.status)}${why}`;
}
