import { Blotter } from './blotter.js';
import { Frame, byId } from './dom.js';
import { Header } from './header.js';
import { Login } from './login.js';
import { Market } from './market.js';
import { Notices } from './notices.js';
import { OrderForm } from './order-form.js';
import { Positions } from './positions.js';
import { Preferences } from './preferences.js';
import { Store, TOPICS } from './store.js';
import { Stream } from './stream.js';
import { TradingState } from './trading-state.js';
import { call } from './api.js';
import { confirm } from './confirm.js';
import { count, orderLine } from './format.js';

/**
 * Puts the dashboard together. Data comes in by the stream only and flows one way: stream → store → one frame → views.
 * Calls change things on the server; what they changed comes back on the stream.
 */

const CLOCK_MS = 500;
const MAX_OWN_ORDERS = 500;
/** Which views show something of a topic. */
const SHOWN_IN = {
  orders: ['blotter'],
  positions: ['positions', 'account'],
  account: ['account'],
  market: ['market', 'positions', 'account', 'form'],
};
const TRADING_REFUSED = new Set([40310010, 40310011]);

const preferences = new Preferences();
const frame = new Frame();
const store = new Store();
const notices = new Notices();
/** client_order_ids that were sent from this page. */
const ownOrders = new Set();

const stream = new Stream({
  opened() {
    store.connectionOpened();
    tradingState.load();
  },
  event(topic, event) {
    const before = store.apply(topic, event, Date.now());
    if (topic === 'orders' && event.data) {
      orderChanged(event, before?.data);
    }
    frame.mark('connection', ...SHOWN_IN[topic]);
  },
  ready({ truncated, stale }) {
    store.snapshotComplete(truncated);
    if (stale) {
      notices.add('warn', 'The server could not confirm that this is the newest state');
    }
    markAll();
  },
  reset() {
    store.clear();
    markAll();
    notices.add('warn', 'The server could not resume the stream; everything is loaded afresh');
  },
  async failed() {
    try {
      await call('GET', '/v2/account');
    } catch (error) {
      return !signedOut(error);
    }
    return true;
  },
  changed: () => frame.mark('connection'),
});

const header = new Header(store, stream);
const login = new Login(() => start());
const tradingState = new TradingState(
  (text, state) => notices.add(state === 'halted' ? 'warn' : 'ok', text),
  failed);
const form = new OrderForm(store, {
  sending: rememberOwn,
  accepted(order) {
    if (order.id) {
      store.addAnswered('orders', order.id, order);
      frame.mark('blotter');
    }
  },
  refused(error) {
    if (!signedOut(error) && TRADING_REFUSED.has(error.code)) {
      tradingState.load();
    }
  },
});
const market = new Market(store, (symbol) => form.prefill({ symbol }));
const positions = new Positions(store, (position, size) => form.prefill({
  symbol: position.symbol,
  side: size < 0 ? 'buy' : 'sell',
  qty: String(position.qty).replace('-', ''),
  type: 'market',
}));
const blotter = new Blotter(store, preferences, { cancel, cancelAll }, () => frame.mark('blotter'));

frame.register('connection', () => header.paintConnection());
frame.register('account', () => header.paintAccount());
frame.register('market', () => market.paint());
frame.register('positions', () => positions.paint());
frame.register('blotter', () => blotter.paint());
frame.register('form', () => form.paint());

setUpTheme();
byId('logout').addEventListener('click', logOut);
addEventListener('pagehide', () => stream.close());
addEventListener('pageshow', (event) => event.persisted && start());
// Only the age of what is shown moves by itself; the network is never asked on a timer.
setInterval(() => frame.mark('connection'), CLOCK_MS);
start();

async function start() {
  try {
    const account = await call('GET', '/v2/account');
    header.setAccount(account?.id ?? null);
  } catch (error) {
    if (signedOut(error)) {
      return;
    }
    failed('The account cannot be read', error);
  }
  login.hide();
  markAll();
  stream.open();
}

function orderChanged(event, before) {
  form.orderSeen(event.data);
  if (event.type === 'put') {
    notices.orderEnded(event.data, before, ownOrders.has(event.data.client_order_id));
  }
}

function rememberOwn(clientOrderId) {
  ownOrders.add(clientOrderId);
  if (ownOrders.size > MAX_OWN_ORDERS) {
    ownOrders.delete(ownOrders.values().next().value);
  }
}

async function cancel(order) {
  try {
    await call('DELETE', `/v2/orders/${encodeURIComponent(order.id)}`);
    rememberOwn(order.client_order_id);
  } catch (error) {
    failed(`The order ${orderLine(order)} was not canceled`, error);
    throw error;
  }
}

async function cancelAll(open) {
  const text = `This asks the broker to cancel ${ordersText(open)}, whatever the filter shows.`;
  if (!(await confirm('Cancel all open orders?', text, 'Cancel all'))) {
    return;
  }
  try {
    const results = await call('DELETE', '/v2/orders');
    const all = Array.isArray(results) ? results : [];
    const refused = all.filter((each) => each.status >= 400).length;
    notices.add(refused ? 'warn' : 'ok', refused
      ? `Canceling ${ordersText(all.length - refused)}; ${count(refused)} could not be canceled`
      : `Canceling ${all.length ? ordersText(all.length) : 'all open orders'}`);
  } catch (error) {
    failed('The orders were not canceled', error);
  }
}

const ordersText = (number) => `${count(number)} ${number === 1 ? 'order' : 'orders'}`;

async function logOut() {
  try {
    await call('DELETE', '/v2/session');
  } catch (error) {
    if (!error.unauthorized) {
      failed('You are still signed in', error);
      return;
    }
  }
  leave('');
}

/** Tells a failure, or leads to the login form if the session is gone. */
function failed(what, error) {
  if (!signedOut(error)) {
    notices.add('error', `${what}: ${error.message}`);
  }
}

function signedOut(error) {
  if (error.unauthorized) {
    const wasIn = !byId('app').hidden;
    leave(wasIn ? 'The session has ended. Please sign in again.' : '');
  }
  return Boolean(error.unauthorized);
}

/** Nothing of the account stays on the screen or in memory. */
function leave(why) {
  stream.close();
  store.clear();
  ownOrders.clear();
  notices.clear();
  form.reset();
  header.setAccount(null);
  markAll();
  login.show(why);
}

function markAll() {
  frame.mark('connection', 'form', ...TOPICS.flatMap((topic) => SHOWN_IN[topic]));
}

function setUpTheme() {
  const select = byId('theme');
  const apply = () => {
    document.documentElement.dataset.theme = preferences.get('theme');
  };
  select.value = preferences.get('theme');
  select.addEventListener('change', () => {
    preferences.set('theme', select.value);
    apply();
  });
  apply();
}
