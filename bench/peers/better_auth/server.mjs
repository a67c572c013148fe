// Better Auth as its own documentation sets it up: PostgreSQL through `pg`, the email-otp plugin with its defaults.
// Beside it: what it mails goes into a table that GET /inbox?to=ADDRESS reads, and comparisons are made visible.
import { AsyncLocalStorage } from "node:async_hooks";
import cluster from "node:cluster";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";
import { emailOTP } from "better-auth/plugins";
import pg from "pg";

const port = Number(process.argv[2]);
const processes = Number(process.env.PEER_PROCESSES ?? 1);
const database = new pg.Pool();
const answer = new AsyncLocalStorage();

// The plugin answers alike to a guess that it compared and to one for which it had nothing to compare with. It hashes
// every guess that it compares (option storeOTP), so the hash can tell them apart: it marks the answer. What is stored
// is what its own storeOTP "hashed" would store; the default keeps the code itself and is checked in the same way.
async function hash(code) {
  answer.getStore()?.setHeader("X-Peer-Compared", "yes");
  return createHash("sha256").update(code).digest("base64url");
}

async function catchMail({ email, otp, type }) {
  const mail = [email, type, `Your code is ${otp}`];
  await database.query("INSERT INTO peer_inbox (recipient, subject, body) VALUES ($1, $2, $3)", mail);
}

async function readMail(url, response) {
  const { rows } = await database.query(
    'SELECT recipient AS "to", subject, body AS text FROM peer_inbox WHERE recipient = $1 ORDER BY id DESC',
    [url.searchParams.get("to")],
  );
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(rows));
}

const options = {
  database,
  baseURL: `http://127.0.0.1:${port}`,
  secret: "only-for-this-measurement-on-loopback-0123456789",
  telemetry: { enabled: false },
  // Better Auth limits requests by client address in production, not in development. All of a torture comes from one
  // address, so the limiter would hide what happens behind it: off, or with PEER_RATE_LIMITS=on as by default.
  rateLimit: { enabled: process.env.PEER_RATE_LIMITS === "on", ...(processes > 1 && { storage: "database" }) },
  plugins: [emailOTP({ sendVerificationOTP: catchMail, storeOTP: { hash } })],
};

async function prepare() {
  const { runMigrations } = await getMigrations(options);
  await runMigrations();
  await database.query("CREATE TABLE peer_inbox (id serial PRIMARY KEY, recipient text, subject text, body text)");
  await database.query("CREATE INDEX ON peer_inbox (recipient, id)");
}

function serve() {
  const handle = toNodeHandler(betterAuth(options));
  const server = createServer((request, response) => {
    const url = new URL(request.url, options.baseURL);
    return url.pathname === "/inbox" ? readMail(url, response) : answer.run(response, () => handle(request, response));
  });
  server.listen(port, "127.0.0.1");
}

const fork = () => new Promise((listening) => cluster.fork().on("listening", listening));

// A restart, as gunicorn does it on the same signal: every process ends, others take over.
async function replaceAll() {
  for (const worker of Object.values(cluster.workers)) worker.process.kill();
  await Promise.all(Array.from({ length: processes }, fork));
}

async function lead() {
  await prepare();
  await Promise.all(Array.from({ length: processes }, fork));
  process.on("SIGHUP", replaceAll);
  console.log(`ready: Better Auth on ${options.baseURL}, pid ${process.pid}`);
}

await (cluster.isPrimary ? lead() : serve());
