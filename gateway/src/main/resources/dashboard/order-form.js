import { byId, setData, setHidden, setText } from './dom.js';
import { MISSING, fromNumber, money, orderLine, price, toNumber, words } from './format.js';
import { call, newId } from './api.js';
import { quotesBySymbol } from './market.js';

/**
 * Sends orders. Every order gets a client_order_id of its own. When it is not known whether an order arrived, the form
 * is locked until that very order is sent again with the same id, which cannot execute twice, or is given up, or shows
 * up on the stream.
 */

const DECIMAL = /^\d{1,15}(\.\d{1,9})?$/;
const FIELDS = {
  symbol: 'order-symbol',
  side: 'order-side',
  qty: 'order-qty',
  type: 'order-type',
  limit_price: 'order-limit',
  time_in_force: 'order-tif',
  priority: 'order-priority',
};

export class OrderForm {
  #store;
  #hooks;
  #sending = false;
  #unresolved = null;
  #form = byId('order-form');
  #inputs = new Map(Object.entries(FIELDS).map(([field, id]) => [field, byId(id)]));
  #submit = byId('order-submit');
  #error = byId('order-error');
  #result = byId('order-result');
  #unknown = byId('order-unknown');

  /** @param hooks `sending(clientOrderId)`, `accepted(order)`, `refused(error)`; the last sees every failure */
  constructor(store, hooks) {
    this.#store = store;
    this.#hooks = hooks;
    this.#inputs.forEach((input, field) => input.setAttribute('aria-describedby', `error-${field}`));
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submitForm();
    });
    this.#form.addEventListener('input', (event) => {
      this.#showError(event.target.name, '');
      this.paint();
    });
    byId('order-retry').addEventListener('click', () => this.#send(this.#unresolved));
    byId('order-abandon').addEventListener('click', () => this.#settle());
    this.paint();
  }

  /** Takes an instrument, and optionally more, into the form; nothing is sent. */
  prefill(values) {
    if (this.#unresolved) {
      return;
    }
    Object.entries(values).forEach(([field, value]) => {
      this.#inputs.get(field).value = value;
    });
    this.#clearErrors();
    this.paint();
    this.#inputs.get('qty').focus();
  }

  /** An order went by on the stream: it may be the one whose fate is unknown. */
  orderSeen(order) {
    if (this.#unresolved && order.client_order_id === this.#unresolved.client_order_id && !this.#sending) {
      this.#accepted(order);
    }
  }

  reset() {
    this.#form.reset();
    this.#settle();
    setText(this.#result, '');
    this.paint();
  }

  /** What follows from the fields and the newest quote. */
  paint() {
    const order = this.#read();
    setData(this.#form, 'side', order.side);
    setHidden(byId('order-limit-field'), order.type !== 'limit');
    if (!this.#sending) {
      setText(this.#submit, `${order.side === 'sell' ? 'Sell' : 'Buy'} ${order.symbol}`.trim());
    }
    const quote = quotesBySymbol(this.#store).get(order.symbol);
    setText(byId('order-quote'), quote ? `${price(quote.bid_price)} × ${price(quote.ask_price)}` : '');
    const touch = order.side === 'sell' ? quote?.bid_price : quote?.ask_price;
    const each = toNumber(order.type === 'limit' ? order.limit_price : (touch ?? quote?.last_price));
    const value = money(fromNumber(toNumber(order.qty) * each));
    setText(byId('order-estimate'), value === MISSING ? MISSING : `≈ ${value}`);
  }

  #read() {
    const order = {};
    this.#inputs.forEach((input, field) => {
      order[field] = input.value.trim();
    });
    order.symbol = order.symbol.toUpperCase();
    if (order.type !== 'limit') {
      delete order.limit_price;
    }
    return order;
  }

  #submitForm() {
    if (this.#sending || this.#unresolved) {
      return;
    }
    this.#clearErrors();
    setText(this.#result, '');
    const order = this.#read();
    const problems = check(order);
    if (problems.length > 0) {
      problems.forEach(([field, message]) => this.#showError(field, message));
      this.#inputs.get(problems[0][0]).focus();
      return;
    }
    this.#send({ ...order, client_order_id: newId() });
  }

  async #send(order) {
    if (this.#sending) {
      return;
    }
    this.#busy(true);
    this.#hooks.sending(order.client_order_id);
    try {
      const accepted = await call('POST', '/v2/orders', order);
      this.#busy(false);
      this.#accepted(accepted ?? order);
    } catch (error) {
      this.#busy(false);
      this.#failed(order, error);
    }
  }

  #accepted(order) {
    this.#settle();
    setText(this.#result, `Accepted: ${orderLine(order)}, ${words(order.status ?? 'accepted')}, id ${order.id ?? MISSING}`);
    this.#hooks.accepted(order);
  }

  #failed(order, error) {
    if (error.outcomeUnknown || error.retryable) {
      this.#unresolved = order;
      const fate = error.outcomeUnknown ? 'It is not known whether this order was accepted' : 'This order was not accepted';
      setText(byId('order-unknown-text'), `${fate}: ${orderLine(order)} (${error.message}).`);
      setHidden(this.#unknown, false);
      byId('order-fields').disabled = true;
      byId('order-retry').focus();
    } else if (this.#inputs.has(error.field)) {
      this.#settle();
      this.#showError(error.field, error.message);
      this.#inputs.get(error.field).focus();
    } else {
      this.#settle();
      setText(this.#error, error.message);
    }
    this.#hooks.refused(error);
  }

  /** Back to a form that can be filled in. */
  #settle() {
    const hadFocus = this.#unknown.contains(document.activeElement);
    this.#unresolved = null;
    setHidden(this.#unknown, true);
    byId('order-fields').disabled = false;
    this.#clearErrors();
    if (hadFocus) {
      this.#submit.focus();
    }
  }

  #busy(sending) {
    this.#sending = sending;
    this.#form.setAttribute('aria-busy', String(sending));
    if (sending) {
      setText(this.#submit, 'Sending…');
    } else {
      this.paint();
    }
  }

  #clearErrors() {
    this.#inputs.forEach((input, field) => this.#showError(field, ''));
    setText(this.#error, '');
  }

  #showError(field, message) {
    const input = this.#inputs.get(field);
    if (input) {
      setText(byId(`error-${field}`), message);
      if (message) {
        input.setAttribute('aria-invalid', 'true');
      } else {
        input.removeAttribute('aria-invalid');
      }
    }
  }
}

/** What is plainly wrong, without asking the server: `[field, message]` each. */
function check(order) {
  const problems = [];
  if (!order.symbol) {
    problems.push(['symbol', 'Enter a symbol, such as AAPL.']);
  }
  if (!isPositive(order.qty)) {
    problems.push(['qty', 'Enter a quantity above 0, such as 10 or 0.5.']);
  }
  if (order.type === 'limit' && !isPositive(order.limit_price)) {
    problems.push(['limit_price', 'Enter a price above 0, such as 189.50.']);
  }
  return problems;
}

const isPositive = (text) => DECIMAL.test(text ?? '') && /[1-9]/.test(text);
