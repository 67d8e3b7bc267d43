/**
 * How this browser likes to look at things. Kept in localStorage, apart from all data: nothing about orders or money
 * is ever stored here. A browser that refuses storage gets the defaults and forgets them at the end.
 */

const STORAGE_KEY = 'tradewind.preferences.v1';
const ALLOWED = {
  theme: ['system', 'light', 'dark'],
  filter: ['open', 'all'],
};
const MAX_SYMBOL_LENGTH = 20;
const DEFAULTS = { theme: 'system', filter: 'all', symbol: '' };

export class Preferences {
  #values = { ...DEFAULTS, ...load() };

  get(name) {
    return this.#values[name];
  }

  set(name, value) {
    this.#values = { ...this.#values, ...valid({ [name]: value }) };
    try {
      localStorage.setItem(STORAGE_KEY, JSON.stringify(this.#values));
    } catch (error) {
      console.warn('preferences are not kept: the browser refuses storage', error);
    }
  }
}

function load() {
  try {
    return valid(JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}'));
  } catch (error) {
    console.warn('preferences cannot be read, the defaults are used', error);
    return {};
  }
}

/** Only the known names with values that this version understands. */
function valid(values) {
  const kept = {};
  for (const [name, allowed] of Object.entries(ALLOWED)) {
    if (allowed.includes(values?.[name])) {
      kept[name] = values[name];
    }
  }
  if (typeof values?.symbol === 'string' && values.symbol.length <= MAX_SYMBOL_LENGTH) {
    kept.symbol = values.symbol;
  }
  return kept;
}
