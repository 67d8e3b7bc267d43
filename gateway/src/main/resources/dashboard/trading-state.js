import { byId, setData, setHidden, setText } from './dom.js';
import { call } from './api.js';

/**
 * Whether trading is allowed, and the switch for it. Asked for at start, after a reconnect and after each change; the
 * switch is off until the answer is known. Halting asks no question: it has to be quick, and it can be undone.
 */

const PATH = '/v2/system/trading-state';
const SEVERITY = ['active', 'reducing', 'halted'];
const BANNERS = {
  reducing: 'Only orders that reduce a position are taken.',
  halted: 'Trading is halted. New orders are refused, cancels still pass.',
};

export class TradingState {
  #failed;
  #told;
  #state = null;
  #busy = false;
  #button = byId('halt-toggle');
  #banner = byId('trading-banner');

  /**
   * @param told called with a sentence after each change
   * @param failed called with what failed and the ApiError
   */
  constructor(told, failed) {
    this.#told = told;
    this.#failed = failed;
    this.#button.addEventListener('click', () => this.#toggle());
  }

  async load() {
    try {
      this.#show(await call('GET', PATH));
    } catch (error) {
      this.#failed('The trading state is not known', error);
    }
  }

  async #toggle() {
    if (this.#busy) {
      return;
    }
    const wanted = this.#state === 'active' ? 'halted' : 'active';
    this.#busy = true;
    this.#button.setAttribute('aria-disabled', 'true');
    try {
      await call('POST', PATH, { state: wanted });
      this.#told(wanted === 'halted' ? 'Trading was halted' : 'Trading was resumed', wanted);
    } catch (error) {
      this.#failed(wanted === 'halted' ? 'Trading was not halted' : 'Trading was not resumed', error);
      if (error.unauthorized) {
        return;
      }
    } finally {
      this.#busy = false;
      this.#button.removeAttribute('aria-disabled');
    }
    await this.load();
  }

  #show(answer) {
    // The strictest of what holds for everyone and what holds for this account.
    const rank = Math.max(...[answer?.state, answer?.global, answer?.account].map((state) => SEVERITY.indexOf(state)));
    this.#state = SEVERITY[rank] ?? null;
    this.#button.disabled = this.#state === null;
    setData(this.#button, 'state', this.#state ?? 'unknown');
    setText(this.#button, this.#state === null || this.#state === 'active' ? 'Halt trading' : 'Resume trading');
    setHidden(this.#banner, !BANNERS[this.#state]);
    setData(this.#banner, 'state', this.#state ?? 'unknown');
    setText(this.#banner, BANNERS[this.#state] ?? '');
  }
}
