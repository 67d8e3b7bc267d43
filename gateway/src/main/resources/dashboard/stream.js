import { TOPICS } from './store.js';

/**
 * The live connection. The browser's EventSource resumes a broken connection by itself with Last-Event-ID; this class
 * adds what it leaves to the page: it opens a new one when the browser has given up, starts over when the server asks
 * for it, tells a lost session from a lost server, and says how long the connection has been gone.
 *
 * Heartbeats are comments, which a page cannot see. So a connection counts as stale when it has not been open for
 * STALE_AFTER_MS.
 */

const URL = `/v2/events?topics=${TOPICS.join(',')}&snapshot=true&throttle=250`;
const STALE_AFTER_MS = 2_000;
const RETRY_FIRST_MS = 500;
const RETRY_MAX_MS = 10_000;

export class Stream {
  #listener;
  #source = null;
  #retryTimer = 0;
  #attempts = 0;
  #active = false;
  #everReady = false;
  #awaitingSnapshot = false;
  #lostAtMs = 0;

  /** @param listener `{opened(), event(topic, event), ready({truncated, stale}), reset(), failed(), changed()}`; `failed` resolves to false to stop */
  constructor(listener) {
    this.#listener = listener;
  }

  /** Opens a new connection that begins with a snapshot, in place of the one there may be. */
  open() {
    this.#release();
    const source = new EventSource(URL);
    this.#source = source;
    this.#active = true;
    this.#awaitingSnapshot = true;
    this.#lostAtMs ||= performance.now();
    source.onopen = () => this.#opened();
    source.onerror = () => this.#failed();
    TOPICS.forEach((topic) => source.addEventListener(topic, (message) => this.#received(topic, message.data)));
    source.addEventListener('ready', (message) => this.#ready(message.data));
    source.addEventListener('reset', () => this.#reset());
    this.#listener.changed();
  }

  /** Ends the connection for good, until `open` is called. */
  close() {
    this.#release();
    this.#active = false;
    this.#everReady = false;
    this.#lostAtMs = 0;
    this.#attempts = 0;
    this.#listener.changed();
  }

  /** `{state, lostMs}`: live, connecting (first time), reconnecting, stale or offline. */
  status() {
    const lostMs = this.#lostAtMs ? performance.now() - this.#lostAtMs : 0;
    const late = lostMs > STALE_AFTER_MS;
    if (!this.#active) {
      return { state: 'offline', lostMs };
    }
    if (!this.#lostAtMs) {
      return { state: 'live', lostMs };
    }
    if (this.#everReady) {
      return { state: late ? 'stale' : 'reconnecting', lostMs };
    }
    return { state: late && this.#attempts > 0 ? 'offline' : 'connecting', lostMs };
  }

  #opened() {
    this.#listener.opened();
    // A resumed connection goes on where it was; one that asked for a snapshot is live when that is complete.
    if (!this.#awaitingSnapshot) {
      this.#lostAtMs = 0;
    }
    this.#listener.changed();
  }

  #received(topic, text) {
    const event = parsed(text);
    if (event) {
      this.#listener.event(topic, event);
    } else {
      console.error(`unreadable ${topic} event, starting over`, text);
      this.#reset();
    }
  }

  #ready(text) {
    this.#everReady = true;
    this.#awaitingSnapshot = false;
    this.#lostAtMs = 0;
    this.#attempts = 0;
    this.#listener.ready(parsed(text) ?? {});
    this.#listener.changed();
  }

  /** The server cannot resume: nothing shown may be trusted. Delayed, so that a server that keeps asking is not stormed. */
  #reset() {
    this.#release();
    this.#lostAtMs = performance.now();
    this.#listener.reset();
    this.#openLater();
  }

  async #failed() {
    const source = this.#source;
    this.#lostAtMs ||= performance.now();
    this.#listener.changed();
    const ended = source.readyState === EventSource.CLOSED;
    if (!ended && !this.#awaitingSnapshot) {
      return; // the browser is already reconnecting and resumes where it was
    }
    this.#release();
    if (!ended) {
      // Resuming would go on after a snapshot of which only a part has come: begin it again.
      this.#openLater();
      return;
    }
    const goOn = await this.#listener.failed();
    if (goOn && this.#active && !this.#source && !this.#retryTimer) {
      this.#openLater();
    }
  }

  #openLater() {
    const delay = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** this.#attempts);
    this.#attempts += 1;
    // Spread by up to half, so that many dashboards do not return in the same instant.
    this.#retryTimer = setTimeout(() => this.open(), delay * (0.75 + Math.random() / 2));
    this.#listener.changed();
  }

  #release() {
    clearTimeout(this.#retryTimer);
    this.#retryTimer = 0;
    if (this.#source) {
      this.#source.onerror = null;
      this.#source.close();
      this.#source = null;
    }
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null; // the caller says what that means
  }
}
