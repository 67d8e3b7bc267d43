/** The few tools that every view draws with. All of them touch the page only where something changed. */

export function byId(id) {
  const node = document.getElementById(id);
  if (!node) {
    throw new Error(`index.html has no element #${id}`);
  }
  return node;
}

/** A new element with a class, a text and children. */
export function element(tag, className = '', text = '', ...children) {
  const node = document.createElement(tag);
  if (className) {
    node.className = className;
  }
  if (text) {
    node.textContent = text;
  }
  node.append(...children);
  return node;
}

export function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

export function setData(node, name, value) {
  if (node.dataset[name] !== value) {
    node.dataset[name] = value;
  }
}

export function setHidden(node, hidden) {
  if (node.hidden !== hidden) {
    node.hidden = hidden;
  }
}

/**
 * Collects what has to be drawn and draws it once per animation frame. However many events arrive between two frames,
 * each view runs at most once. A hidden tab gets no frames, so it draws nothing until it is looked at again.
 */
export class Frame {
  #painters = new Map();
  #dirty = new Set();
  #requested = false;

  register(name, paint) {
    this.#painters.set(name, paint);
  }

  mark(...names) {
    names.forEach((name) => this.#dirty.add(name));
    if (!this.#requested) {
      this.#requested = true;
      requestAnimationFrame(() => this.#run());
    }
  }

  #run() {
    const start = performance.now();
    const names = [...this.#dirty];
    this.#requested = false;
    this.#dirty.clear();
    for (const name of names) {
      try {
        this.#painters.get(name)();
      } catch (error) {
        // One broken view must not freeze the others.
        console.error(`drawing ${name} failed`, error);
      }
    }
    // Seen by a PerformanceObserver, then forgotten, so that the browser's buffer does not grow.
    performance.measure('tradewind:frame', { start, end: performance.now() });
    performance.clearMeasures('tradewind:frame');
  }
}

/**
 * A list of nodes that follows a list of items by key. Nodes that stay are not moved when others come before them,
 * so focus, selection and scroll position survive an update.
 */
export class KeyedNodes {
  #parent;
  #create;
  #update;
  #rows = new Map();

  /**
   * @param create makes `{node, …}` for an item
   * @param update `(row, item)` brings the row up to date
   */
  constructor(parent, create, update) {
    this.#parent = parent;
    this.#create = create;
    this.#update = update;
  }

  render(items, keyOf) {
    const keys = items.map(keyOf);
    const wanted = new Set(keys);
    for (const [key, row] of this.#rows) {
      if (!wanted.has(key)) {
        row.node.remove();
        this.#rows.delete(key);
      }
    }
    let cursor = this.#parent.firstElementChild;
    items.forEach((item, index) => {
      let row = this.#rows.get(keys[index]);
      if (!row) {
        row = this.#create(item);
        this.#rows.set(keys[index], row);
      }
      this.#update(row, item);
      if (row.node === cursor) {
        cursor = cursor.nextElementSibling;
      } else {
        this.#parent.insertBefore(row.node, cursor);
      }
    });
  }
}
