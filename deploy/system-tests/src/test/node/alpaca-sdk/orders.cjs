// Places, lists, replaces and cancels an order of each kind with the official SDK, against the Tradewind whose address
// and key are in the environment. Ends with 0 when everything is as the SDK's users expect; prints one line per step.
"use strict";

const assert = require("node:assert/strict");
const { randomUUID } = require("node:crypto");
const { Alpaca } = require("@alpacahq/alpaca-trade-api");

const address = process.env.TRADEWIND_ADDRESS;

/** All that has to change for Tradewind: requests go to another address. */
function toTradewind(url, init) {
  const asked = new URL(url);
  return fetch(address + asked.pathname + asked.search, init);
}

const alpaca = new Alpaca({
  keyId: process.env.TRADEWIND_KEY_ID,
  secret: process.env.TRADEWIND_SECRET_KEY,
  paper: true,
  fetchApi: toTradewind,
  rateLimit: false,
  retry: false,
});
const { orders, positions, account } = alpaca.trading;

const LIMIT_MS = 60_000;
const OPEN = new Set(["accepted", "pending_new", "new", "held", "partially_filled"]);

async function until(what, look, enough) {
  const endsAt = Date.now() + LIMIT_MS;
  for (;;) {
    const seen = await look();
    if (enough(seen)) {
      return seen;
    }
    if (Date.now() > endsAt) {
      throw new Error(`not within ${LIMIT_MS} ms: ${what}; last seen ${JSON.stringify(seen)}`);
    }
    await new Promise((next) => setTimeout(next, 20));
  }
}

const order = (id) => orders.getOrderByOrderID({ orderId: id, nested: true });
const reaches = (id, status) => until(`${id} is ${status}`, () => order(id), (seen) => seen.status === status);
const isOpen = (id) => until(`${id} works`, () => order(id), (seen) => seen.status === "new");

/** Runs one step of the story and says so. */
async function step(name, run) {
  await run();
  console.log(`ok ${name}`);
}

/** The error that the SDK makes of a refusal. */
async function refusal(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("was not refused");
}

async function cancel(id) {
  await orders.deleteOrderByOrderID({ orderId: id });
  await reaches(id, "canceled");
}

async function main() {
  await step("account", async () => {
    const seen = await account.getAccount();
    assert.equal(seen.currency, "USD");
    assert.ok(Number(seen.buyingPower) > 0, "buying power");
  });

  await step("market by quantity fills", async () => {
    const placed = await orders.market({ symbol: "AAPL", side: "buy", qty: 10 });
    const filled = await reaches(placed.id, "filled");
    assert.equal(filled.filledQty, "10");
    assert.ok(Number(filled.filledAvgPrice) > 0);
    assert.ok(filled.filledAt instanceof Date);
  });

  const price = Number((await positions.getAllOpenPositions()).find((held) => held.symbol === "AAPL").currentPrice);
  const far = (part) => Math.round(price * part).toFixed(2);

  await step("market by notional fills", async () => {
    const placed = await orders.market({ symbol: "AAPL", side: "buy", notional: 500 });
    assert.equal(Number(placed.notional), 500);
    const filled = await reaches(placed.id, "filled");
    const spent = Number(filled.filledQty) * Number(filled.filledAvgPrice);
    assert.ok(Math.abs(spent - 500) < 25, `spent ${spent}`);
  });

  await step("limit rests, is listed, found by its client order id, replaced and canceled", async () => {
    const clientOrderId = randomUUID();
    const placed = await orders.limit({ symbol: "AAPL", side: "buy", qty: 2, limitPrice: far(0.5), clientOrderId, timeInForce: "gtc" });
    assert.equal(placed.clientOrderId, clientOrderId);
    await isOpen(placed.id);
    const listed = await orders.getAllOrders({ status: "open", symbols: "AAPL" });
    assert.ok(listed.some((one) => one.id === placed.id), "is listed");
    const found = await orders.getOrderByClientOrderId({ clientOrderId });
    assert.equal(found.id, placed.id);
    const next = await orders.patchOrderByOrderId({ orderId: placed.id, patchOrderRequest: { qty: "3", limitPrice: far(0.6) } });
    assert.equal(next.replaces, placed.id);
    await isOpen(next.id);
    const old = await reaches(placed.id, "replaced");
    assert.equal(old.replacedBy, next.id);
    await cancel(next.id);
  });

  await step("stop, stop limit and trailing stop rest and are canceled", async () => {
    const stop = await orders.stop({ symbol: "AAPL", side: "sell", qty: 1, stopPrice: far(0.5) });
    const stopLimit = await orders.stopLimit({ symbol: "AAPL", side: "sell", qty: 1, stopPrice: far(0.5), limitPrice: far(0.4) });
    const trailing = await orders.trailingStop({ symbol: "AAPL", side: "sell", qty: 1, trailPercent: 40 });
    assert.equal(stop.type, "stop");
    assert.equal(stopLimit.type, "stop_limit");
    assert.equal(trailing.type, "trailing_stop");
    for (const one of [stop, stopLimit, trailing]) {
      await isOpen(one.id);
      await cancel(one.id);
    }
    assert.ok(Number((await order(trailing.id)).hwm) > 0, "high water mark");
  });

  await step("bracket: the parent fills, its legs work, and go when one is canceled", async () => {
    const placed = await orders.bracket({
      symbol: "AAPL", side: "buy", qty: 4, timeInForce: "gtc",
      takeProfit: { limitPrice: far(2) }, stopLoss: { stopPrice: far(0.5) },
    });
    assert.equal(placed.orderClass, "bracket");
    assert.equal(placed.legs.length, 2);
    await reaches(placed.id, "filled");
    const nested = await until("the legs work", () => order(placed.id), (seen) => seen.legs.some((leg) => leg.status === "new"));
    const profit = nested.legs.find((leg) => leg.type === "limit");
    const loss = nested.legs.find((leg) => leg.type === "stop");
    assert.equal(profit.qty, "4");
    assert.equal(loss.qty, "4");
    await cancel(profit.id);
    await reaches(loss.id, "canceled");
  });

  await step("oco and oto are taken and canceled with their legs", async () => {
    const oco = await orders.oco({
      symbol: "AAPL", side: "sell", qty: 2, timeInForce: "gtc",
      takeProfit: { limitPrice: far(2) }, stopLoss: { stopPrice: far(0.5) },
    });
    assert.equal(oco.orderClass, "oco");
    const oto = await orders.oto({
      symbol: "AAPL", side: "buy", qty: 2, timeInForce: "gtc", limitPrice: far(0.5), stopLoss: { stopPrice: far(0.4) },
    });
    assert.equal(oto.orderClass, "oto");
    assert.equal(oto.legs.length, 1);
    for (const one of [oco, oto]) {
      await isOpen(one.id);
      await cancel(one.id);
      for (const leg of one.legs ?? []) {
        await reaches(leg.id, "canceled");
      }
    }
  });

  await step("immediate or cancel, fill or kill", async () => {
    for (const timeInForce of ["ioc", "fok"]) {
      const placed = await orders.limit({ symbol: "AAPL", side: "buy", qty: 1, limitPrice: far(0.5), timeInForce });
      await reaches(placed.id, "canceled");
    }
  });

  await step("a refusal is an error with our code and a status", async () => {
    const tooMuch = await refusal(orders.limit({ symbol: "AAPL", side: "buy", qty: 1_000_000, limitPrice: far(1) }));
    assert.equal(tooMuch.status ?? tooMuch.response?.status, 403, String(tooMuch));
    const unknown = await refusal(orders.market({ symbol: "NOSUCH", side: "buy", qty: 1 }));
    assert.equal(unknown.status ?? unknown.response?.status, 422, String(unknown));
    const gone = await refusal(order(randomUUID()));
    assert.equal(gone.status ?? gone.response?.status, 404, String(gone));
  });

  await step("cancel all leaves nothing open", async () => {
    for (const part of [0.3, 0.4]) {
      await orders.limit({ symbol: "MSFT", side: "buy", qty: 1, limitPrice: far(part / 10), timeInForce: "gtc" });
    }
    await orders.deleteAllOrders();
    await until("nothing is open", () => orders.getAllOrders({ status: "open" }), (open) => open.length === 0);
  });

  await step("every order is in the list of all", async () => {
    const all = await until("closed orders are listed", () => orders.getAllOrders({ status: "all", limit: 500 }), (seen) => seen.length >= 12);
    assert.ok(all.every((one) => !OPEN.has(one.status)), "all are over");
  });
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
