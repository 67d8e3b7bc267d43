/**
 * What the stream has said so far, bounded. Each topic is a map from entity key to `{key, version, data, at}`; an
 * entry is replaced when its data changes, so a view knows by identity whether there is something to draw.
 */

export const TOPICS = ['orders', 'positions', 'account', 'market'];
const LIMITS = { orders: 2_000, positions: 1_000, account: 50, market: 500 };
/** A full topic may grow by this share before it is cut back, so that cutting is rare. */
const SLACK = 1.25;
const OPEN_STATUSES = new Set(['accepted', 'pending_new', 'new', 'partially_filled', 'pending_cancel']);

export const isOpen = (order) => OPEN_STATUSES.has(order.status);
export const isCancelable = (order) => isOpen(order) && order.status !== 'pending_cancel';

export class Store {
  #topics = new Map(TOPICS.map((topic) => [topic, new Map()]));
  #generation = 0;
  #snapshotSeen = false;
  #clockOffsetMs = Infinity;
  /** Highest version of the account's own topics, and when the newest change shown was made (server clock). */
  version = 0;
  newestAt = 0;
  /** Topics of which the older entries are not here. */
  truncated = new Set();

  entries(topic) {
    return this.#topics.get(topic);
  }

  /** A connection begins: a snapshot that it brings will replace what is here. */
  connectionOpened() {
    this.#generation += 1;
    this.#snapshotSeen = false;
  }

  /** The snapshot is complete: what it did not mention is gone. A resumed stream brings none and drops nothing. */
  snapshotComplete(truncated = []) {
    if (!this.#snapshotSeen) {
      return;
    }
    this.truncated = new Set(truncated);
    for (const entries of this.#topics.values()) {
      for (const entry of entries.values()) {
        if (entry.generation !== this.#generation) {
          entries.delete(entry.key);
        }
      }
    }
  }

  /** @return the entry that was there before, if any */
  apply(topic, event, nowMs) {
    const entries = this.#topics.get(topic);
    const key = String(event.key);
    const before = entries.get(key);
    if (event.type === 'snapshot' && !this.#snapshotSeen) {
      this.#snapshotSeen = true;
      this.version = 0;
      this.newestAt = 0;
    }
    this.#noteTime(topic, event, nowMs);
    if (event.type === 'delete') {
      entries.delete(key);
    } else if (event.data && !this.#outdated(before, event)) {
      entries.set(key, this.#entry(key, event.version ?? 0, event.data));
      this.#trim(topic, entries);
    }
    return before;
  }

  /** Versions only compare within one connection: after a restore from backup they may begin lower again. */
  #outdated(before, event) {
    return before && before.generation === this.#generation && before.version > event.version;
  }

  /** What a POST answered is as durable as the stream; it only fills a gap and never overrides. */
  addAnswered(topic, key, data) {
    const entries = this.#topics.get(topic);
    if (!entries.has(key)) {
      entries.set(key, this.#entry(key, 0, data));
    }
  }

  clear() {
    for (const entries of this.#topics.values()) {
      entries.clear();
    }
    this.truncated.clear();
    this.version = 0;
    this.newestAt = 0;
    this.#clockOffsetMs = Infinity;
  }

  /** Milliseconds since the newest change that is shown, with the difference between the two clocks taken out. */
  ageMs(nowMs) {
    const offset = Number.isFinite(this.#clockOffsetMs) ? this.#clockOffsetMs : 0;
    return this.newestAt === 0 ? 0 : Math.max(0, nowMs - this.newestAt - offset);
  }

  #noteTime(topic, event, nowMs) {
    const at = Number.isFinite(event.at) ? event.at : nowMs;
    this.newestAt = Math.max(this.newestAt, at);
    if (topic !== 'market') {
      this.version = Math.max(this.version, event.version ?? 0);
    }
    // A snapshot may be hours old; only a live change tells how far apart the clocks are.
    if (event.type !== 'snapshot') {
      this.#clockOffsetMs = Math.min(this.#clockOffsetMs, nowMs - at);
    }
  }

  #entry(key, version, data) {
    return { key, version, data, at: Date.parse(data.created_at ?? ''), generation: this.#generation };
  }

  #trim(topic, entries) {
    const limit = LIMITS[topic];
    if (entries.size <= limit * SLACK) {
      return;
    }
    this.truncated.add(topic);
    // Finished orders go first, then the oldest.
    const ranked = [...entries.values()].sort(
      (a, b) => Number(isOpen(b.data)) - Number(isOpen(a.data)) || newestFirst(a, b));
    for (const entry of ranked.slice(limit)) {
      entries.delete(entry.key);
    }
  }
}

/** By creation time, then by id, which is time-ordered too. */
export function newestFirst(a, b) {
  return (b.at || 0) - (a.at || 0) || (a.key < b.key ? 1 : a.key > b.key ? -1 : 0);
}
