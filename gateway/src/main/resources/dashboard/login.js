import { byId, setHidden, setText } from './dom.js';
import { call } from './api.js';

/** The way in. The secret goes to the gateway once and comes back as an HttpOnly cookie that no script can read. */
export class Login {
  #key = byId('login-key');
  #secret = byId('login-secret');
  #error = byId('login-error');
  #form = byId('login-form');
  #busy = false;

  /** @param signedIn called when the session is there */
  constructor(signedIn) {
    this.#form.addEventListener('submit', async (event) => {
      event.preventDefault();
      if (!this.#busy && this.#complete()) {
        await this.#signIn(signedIn);
      }
    });
  }

  /** @param why a sentence to begin with, or '' */
  show(why) {
    setText(this.#error, why);
    setHidden(byId('login'), false);
    setHidden(byId('app'), true);
    (this.#key.value ? this.#secret : this.#key).focus();
  }

  hide() {
    setHidden(byId('login'), true);
    setHidden(byId('app'), false);
  }

  #complete() {
    const missing = [this.#key, this.#secret].find((input) => !input.value.trim());
    setText(this.#error, missing ? 'Enter the key id and the secret.' : '');
    missing?.focus();
    return !missing;
  }

  async #signIn(signedIn) {
    this.#busy = true;
    this.#form.setAttribute('aria-busy', 'true');
    try {
      await call('POST', '/v2/session', { key_id: this.#key.value.trim(), secret_key: this.#secret.value.trim() });
      this.#secret.value = '';
      signedIn();
    } catch (error) {
      setText(this.#error, error.unauthorized ? 'This key id and secret do not match.' : error.message);
      this.#secret.focus();
    } finally {
      this.#busy = false;
      this.#form.setAttribute('aria-busy', 'false');
    }
  }
}
