import { byId, setData, setHidden, setText } from './dom.js';
import { MISSING, count, direction, duration, fromNumber, money, signedMoney } from './format.js';
import { livePositions } from './positions.js';

/** Connection state, freshness and the account's figures. */

const QUIET_AFTER_MS = 10_000;
const TEXTS = {
  live: 'Live',
  connecting: 'Connecting',
  reconnecting: 'Reconnecting',
  stale: 'Stale, reconnecting',
  offline: 'Gateway not reachable',
};

export class Header {
  #store;
  #stream;
  #accountId = null;
  #equity = byId('account-equity');
  #cash = byId('account-cash');
  #buyingPower = byId('account-buying-power');
  #dailyPl = byId('account-daily-pl');
  #unrealized = byId('account-unrealized');
  #connection = byId('connection');
  #connectionText = byId('connection-text');
  #lost = byId('connection-lost');
  #detail = byId('connection-detail');
  #reconnect = byId('reconnect');

  constructor(store, stream) {
    this.#store = store;
    this.#stream = stream;
    this.#reconnect.addEventListener('click', () => stream.open());
  }

  /** The account of the session, when it sees more than one. */
  setAccount(accountId) {
    this.#accountId = accountId;
  }

  paintAccount() {
    const accounts = [...this.#store.entries('account').values()].map((entry) => entry.data);
    const account = accounts.find((each) => each.id === this.#accountId) ?? accounts[0] ?? {};
    setText(this.#equity, money(account.equity));
    this.#equity.title = account.equity ? `${account.equity} ${account.currency ?? ''}` : '';
    setText(this.#cash, money(account.cash));
    setText(this.#buyingPower, money(account.buying_power));
    setText(this.#dailyPl, signedMoney(account.daily_pl));
    setData(this.#dailyPl, 'direction', direction(account.daily_pl));
    this.#paintUnrealized();
  }

  #paintUnrealized() {
    const open = livePositions(this.#store);
    const total = open.reduce((sum, position) => sum + position.unrealized, 0);
    const text = open.length === 0 ? MISSING : signedMoney(fromNumber(total));
    setText(this.#unrealized, text);
    setData(this.#unrealized, 'direction', direction(total));
  }

  paintConnection() {
    const { state, lostMs } = this.#stream.status();
    setData(this.#connection, 'state', state);
    // The seconds stand apart, so that a screen reader hears the state once and not the counting.
    setText(this.#connectionText, TEXTS[state]);
    setText(this.#lost, lostMs < 1_000 ? '' : duration(lostMs));
    setHidden(this.#reconnect, state === 'live' || state === 'connecting');
    setData(document.body, 'fresh', String(state !== 'stale' && state !== 'offline'));

    const age = this.#store.ageMs(Date.now());
    const version = this.#store.version ? `version ${count(this.#store.version)}` : 'no data yet';
    setText(this.#detail, this.#store.newestAt ? `${version}, ${duration(age)} old` : version);
    setData(this.#detail, 'quiet', String(age > QUIET_AFTER_MS));
  }
}
