// A relying party with openid-client that signs its requests, pushes them, does both, or leaves
// what it signed at an address of its own.
// It says where to send the browser, hears where that came back to, and says who it was.
import * as oidc from 'openid-client';
import { importJWK } from 'jose';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { createInterface } from 'node:readline/promises';

const [issuer, clientId, redirectUri, how] = process.argv.slice(2);
const jwk = JSON.parse(process.env.PRIVATE_KEY);
const key = { key: await importJWK(jwk, 'ES256'), kid: jwk.kid };
const config = await oidc.discovery(
  new URL(issuer), clientId, undefined, oidc.PrivateKeyJwt(key),
);
const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
const expectedState = oidc.randomState();
const expectedNonce = oidc.randomNonce();
let asked = new URLSearchParams({
  redirect_uri: redirectUri,
  scope: 'openid',
  state: expectedState,
  nonce: expectedNonce,
  code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
  code_challenge_method: 'S256',
  claims: JSON.stringify({ id_token: { auth_time: { essential: true } } }),
});
let address;
if (how.includes('signed')) {
  address = await oidc.buildAuthorizationUrlWithJAR(config, asked, key);
  asked = address.searchParams;
}
if (how.includes('pushed')) {
  address = await oidc.buildAuthorizationUrlWithPAR(config, asked);
}
if (how.includes('fetched')) {
  const { at, certificate, secret } = JSON.parse(process.env.PLACE);
  const tls = { cert: readFileSync(certificate), key: readFileSync(secret) };
  const type = { 'Content-Type': 'application/oauth-authz-req+jwt' };
  const lies = asked.get('request');
  const place = createServer(tls, (_, answer) => answer.writeHead(200, type).end(lies));
  await new Promise((ready) => place.listen(new URL(at).port, '127.0.0.1', ready));
  address = oidc.buildAuthorizationUrl(config, { request_uri: at });
}
console.log(JSON.stringify({ address: address.href }));

const lines = createInterface({ input: process.stdin });
const [back] = await new Promise((heard) => lines.once('line', (line) => heard([line])));
lines.close();
const tokens = await oidc.authorizationCodeGrant(config, new URL(back), {
  pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true,
});
console.log(JSON.stringify(tokens.claims()));
process.exit(0);
