// Verify a receipt as a relying party in Node does: node verify_receipt.mjs JWKS_URL RECEIPT NOW_SECONDS
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(pathToFileURL(`${process.cwd()}/package.json`));
const { createRemoteJWKSet, jwtVerify } = await import(pathToFileURL(require.resolve("jose")));
const [jwks, receipt, now] = process.argv.slice(2);
const { payload } = await jwtVerify(receipt, createRemoteJWKSet(new URL(jwks)), {
  algorithms: ["ES256"],
  audience: "otpost-sandbox",
  issuer: "http://127.0.0.1:8000",
  typ: "receipt+jwt",
  currentDate: new Date(Number(now) * 1000),
});
console.log(JSON.stringify(payload));
