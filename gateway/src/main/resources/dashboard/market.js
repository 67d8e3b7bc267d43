import { KeyedNodes, byId, element, setData, setHidden, setText } from './dom.js';
import { price, quantity, time, toNumber } from './format.js';

/** The strip of instruments. A press on one takes it into the order form. */

const MAX_CARDS = 60;
const SPARK_POINTS = 90;
const SPARK_STEP_MS = 1_000;
const SPARK_WIDTH = 60;
const SPARK_HEIGHT = 18;
const SVG = 'http://www.w3.org/2000/svg';

export class Market {
  #store;
  #cards;
  #empty = byId('market-empty');
  #symbols = byId('symbols');
  #listed = '';

  constructor(store, choose) {
    this.#store = store;
    this.#cards = new KeyedNodes(byId('market'), (entry) => createCard(entry, choose), updateCard);
  }

  paint() {
    const entries = [...this.#store.entries('market').values()]
      .filter((entry) => entry.data.symbol)
      .sort((a, b) => (a.data.symbol < b.data.symbol ? -1 : 1));
    this.#cards.render(entries.slice(0, MAX_CARDS), (entry) => entry.key);
    setHidden(this.#empty, entries.length > 0);
    this.#listSymbols(entries.map((entry) => entry.data.symbol));
  }

  /** The suggestions of the symbol fields; they change only when a new instrument appears. */
  #listSymbols(symbols) {
    const joined = symbols.join(' ');
    if (joined !== this.#listed) {
      this.#listed = joined;
      this.#symbols.replaceChildren(...symbols.map((symbol) => {
        const option = element('option');
        option.value = symbol;
        return option;
      }));
    }
  }
}

/** The newest quote of each symbol, by symbol. */
export function quotesBySymbol(store) {
  const quotes = new Map();
  for (const entry of store.entries('market').values()) {
    quotes.set(entry.data.symbol, entry.data);
  }
  return quotes;
}

function createCard(entry, choose) {
  const symbol = entry.data.symbol;
  const line = document.createElementNS(SVG, 'polyline');
  const spark = document.createElementNS(SVG, 'svg');
  spark.setAttribute('viewBox', `0 0 ${SPARK_WIDTH} ${SPARK_HEIGHT}`);
  spark.setAttribute('preserveAspectRatio', 'none');
  spark.setAttribute('class', 'spark');
  spark.setAttribute('aria-hidden', 'true');
  spark.append(line);

  const last = element('span', 'last');
  const arrow = element('span', 'arrow');
  arrow.setAttribute('aria-hidden', 'true');
  const bid = element('span', 'bid');
  const ask = element('span', 'ask');
  const node = element('button', 'quote', '',
    element('span', 'symbol', symbol), spark,
    element('span', 'price-line', '', last, arrow),
    element('span', 'book', '', bid, element('span', 'sr', ' bid, ask '), ask));
  node.type = 'button';
  node.dataset.symbol = symbol;
  node.addEventListener('click', () => choose(symbol));
  return { node, line, last, arrow, bid, ask, points: [], steppedAt: 0, flip: false, entry: null };
}

function updateCard(card, entry) {
  if (card.entry === entry) {
    return;
  }
  const before = toNumber(card.entry?.data.last_price);
  const quote = entry.data;
  const now = toNumber(quote.last_price);
  card.entry = entry;
  setText(card.last, price(quote.last_price));
  setText(card.bid, price(quote.bid_price));
  setText(card.ask, price(quote.ask_price));
  card.node.title = `bid ${quantity(quote.bid_size)} × ${price(quote.bid_price)}, `
    + `ask ${quantity(quote.ask_size)} × ${price(quote.ask_price)}, ${time(Date.parse(quote.time ?? ''))}`;
  if (now !== before && Number.isFinite(now) && Number.isFinite(before)) {
    const way = now > before ? 'up' : 'down';
    setText(card.arrow, way === 'up' ? '▲' : '▼');
    setData(card.node, 'direction', way);
    // Two names for the same animation: changing the name restarts it without forcing a layout.
    card.flip = !card.flip;
    setData(card.node, 'flash', `${way}-${card.flip ? 'a' : 'b'}`);
  }
  drawSpark(card, now);
}

function drawSpark(card, value) {
  if (!Number.isFinite(value)) {
    return;
  }
  const nowMs = performance.now();
  if (card.points.length < 2 || nowMs - card.steppedAt >= SPARK_STEP_MS) {
    card.points.push(value);
    card.steppedAt = nowMs;
    if (card.points.length > SPARK_POINTS) {
      card.points.shift();
    }
  } else {
    card.points[card.points.length - 1] = value;
  }
  const low = Math.min(...card.points);
  const range = Math.max(...card.points) - low || 1;
  const step = SPARK_WIDTH / Math.max(1, card.points.length - 1);
  const text = card.points.map((point, index) => {
    const y = SPARK_HEIGHT - 2 - ((point - low) / range) * (SPARK_HEIGHT - 4);
    return `${(index * step).toFixed(1)},${y.toFixed(1)}`;
  });
  card.line.setAttribute('points', text.join(' '));
}
