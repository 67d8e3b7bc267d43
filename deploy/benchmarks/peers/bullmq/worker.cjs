// Takes orders from the queue, executes them at a fixed price and writes them to Postgres.
// Arguments: address of Redis, name of the queue, address of Postgres, table prefix, orders worked on at a time.
// Says "working" when it is ready, and ends when its standard input does.
"use strict";

const { Worker } = require("bullmq");
const { Pool } = require("pg");

const [redis, name, postgres, prefix, concurrency] = process.argv.slice(2);
const pool = new Pool({ connectionString: postgres, max: 16 });
const PRICE = "100";

const BOOK = {
  name: "book",
  text: `WITH booked AS (
           INSERT INTO ${prefix}_orders (client_order_id, symbol, side, type, qty, status, filled_qty, filled_avg_price)
           VALUES ($1, $2, $3, $4, $5, 'filled', $5, $6) RETURNING client_order_id)
         INSERT INTO ${prefix}_fills (client_order_id, qty, price) SELECT client_order_id, $5, $6 FROM booked`,
};

async function execute(job) {
  const order = job.data;
  await pool.query({
    ...BOOK,
    values: [order.client_order_id, order.symbol, order.side, order.type, order.qty, PRICE],
  });
}

function connection(address) {
  const url = new URL(address);
  return { host: url.hostname, port: Number(url.port), password: decodeURIComponent(url.password) || undefined };
}

const worker = new Worker(name, execute, { connection: connection(redis), concurrency: Number(concurrency) });
worker.on("failed", (job, error) => console.error(`order ${job?.id}: ${error.message}`));
worker.waitUntilReady().then(() => console.log("working"));
process.stdin.resume().on("end", () => process.exit(0));
