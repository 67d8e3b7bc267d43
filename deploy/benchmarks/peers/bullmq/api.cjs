// Takes orders over HTTP and puts them into the queue. Arguments: address of Redis, name of the queue.
// Says "listening PORT" when it is ready, and ends when its standard input does.
"use strict";

const fastify = require("fastify")();
const { Queue } = require("bullmq");

const [redis, name] = process.argv.slice(2);
const queue = new Queue(name, { connection: connection(redis) });

const schema = {
  body: {
    type: "object",
    required: ["symbol", "qty", "side", "type", "client_order_id"],
    properties: {
      symbol: { type: "string", minLength: 1, maxLength: 16 },
      qty: { type: "string", pattern: "^[0-9]+(\\.[0-9]+)?$" },
      side: { enum: ["buy", "sell"] },
      type: { enum: ["market", "limit"] },
      limit_price: { type: "string", pattern: "^[0-9]+(\\.[0-9]+)?$" },
      time_in_force: { enum: ["day", "gtc", "ioc", "fok"] },
      client_order_id: { type: "string", minLength: 1, maxLength: 128 },
    },
  },
};

fastify.post("/v2/orders", { schema }, async (request) => {
  const order = request.body;
  // The job id keeps an order that is sent twice from being queued twice.
  const job = await queue.add("order", order, { jobId: order.client_order_id, removeOnComplete: true });
  return { id: job.id, status: "accepted", ...order };
});

function connection(address) {
  const url = new URL(address);
  return { host: url.hostname, port: Number(url.port), password: decodeURIComponent(url.password) || undefined };
}

fastify.listen({ host: "127.0.0.1", port: 0 }).then(() => {
  console.log(`listening ${fastify.server.address().port}`);
});
process.stdin.resume().on("end", () => process.exit(0));
