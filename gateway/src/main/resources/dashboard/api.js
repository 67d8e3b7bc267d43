/** Calls to the gateway that served this page. Every call has a deadline; every outcome is a value or an ApiError. */

const CALL_TIMEOUT_MS = 15_000;

export class ApiError extends Error {
  /**
   * @param status HTTP status, 0 when no answer came
   * @param code the gateway's eight-digit code, if it sent one
   * @param field the request field that is to blame, if one is
   */
  constructor(status, code, message, field) {
    super(message);
    this.status = status;
    this.code = code;
    this.field = field;
  }

  get unauthorized() {
    return this.status === 401;
  }

  /** Whether the call may have taken effect although it failed: no answer at all, or an error from beyond the gateway. */
  get outcomeUnknown() {
    return this.status === 0 || this.status === 500 || this.status === 502 || this.status === 504;
  }

  /** Whether the very same call may succeed a little later. */
  get retryable() {
    return this.status === 429 || this.status === 503;
  }
}

/** @return the parsed JSON answer, or null when it has no body */
export async function call(method, path, body) {
  const headers = { Accept: 'application/json' };
  if (method !== 'GET') {
    // A page of another origin cannot set this header, which is what keeps the session cookie from being abused.
    headers['X-Requested-With'] = 'tradewind';
  }
  if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
  }
  let response;
  let text;
  try {
    response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    });
    text = await response.text();
  } catch (error) {
    const why = error.name === 'TimeoutError' ? `no answer within ${CALL_TIMEOUT_MS / 1_000} s` : 'the gateway cannot be reached';
    throw new ApiError(0, undefined, `${method} ${path}: ${why}`);
  }
  const answer = parse(text);
  if (!response.ok) {
    const message = answer?.message ?? `${method} ${path} was answered with ${response.status} ${response.statusText}`.trim();
    throw new ApiError(response.status, answer?.code, withRetry(message, response), answer?.field);
  }
  return answer;
}

function withRetry(message, response) {
  const seconds = response.headers.get('Retry-After');
  return seconds && /^\d+$/.test(seconds) ? `${message} (try again in ${seconds} s)` : message;
}

function parse(text) {
  if (!text) {
    return null;
  }
  try {
    return JSON.parse(text);
  } catch {
    return null; // an error page of a proxy: the status says enough
  }
}

/** A random UUID; `crypto.randomUUID` is missing where the page is served over plain HTTP from another machine. */
export function newId() {
  if (crypto.randomUUID) {
    return crypto.randomUUID();
  }
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
