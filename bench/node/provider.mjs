// The other side: node-oidc-provider, in memory, ES256, one client, one person. Nothing is durable.
// BENCH_SECRET=... node provider.mjs PORT
import { generateKeyPairSync } from 'node:crypto';
import { Provider } from 'oidc-provider';
import { MemoryAdapter } from './adapter.mjs';

const port = Number(process.argv[2]);
const issuer = `http://localhost:${port}`;
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
const scope = 'openid profile email';

const client = {
  client_secret: process.env.BENCH_SECRET,
  token_endpoint_auth_method: 'client_secret_basic',
  id_token_signed_response_alg: 'ES256',
};
const claims = {
  name: 'Nguyễn Thị Mẫu', family_name: 'Nguyễn', middle_name: 'Thị', given_name: 'Mẫu',
  birthdate: '1990-03-05', gender: 'female', email: 'mau@example.org', email_verified: true,
};

// The person's consent is there: as its documentation does for a first-party client, but only once.
async function loadExistingGrant(ctx) {
  const { client: { clientId }, session, provider } = ctx.oidc;
  const known = session.grantIdFor(clientId);
  if (known) return provider.Grant.find(known);
  const grant = new provider.Grant({ clientId, accountId: session.accountId });
  grant.addOIDCScope(scope);
  await grant.save();
  return grant;
}

// What the comparison of answers asks for and the benchmark of speed does not (bench/beside).
const on = { enabled: true };
const more = process.env.BENCH_BESIDE
  ? { revocation: on, claimsParameter: on, pushedAuthorizationRequests: on,
      requestObjects: on }
  : {};

const provider = new Provider(issuer, {
  adapter: MemoryAdapter,
  jwks: { keys: [{ ...key, alg: 'ES256', use: 'sig' }] },
  clients: [
    { ...client, client_id: 'bench', redirect_uris: ['https://agency.example/callback'] },
    { ...client, client_id: 'bench-other', redirect_uris: ['https://agency.example/callback'] },
    { ...client, client_id: 'bench-machine', redirect_uris: [], response_types: [],
      grant_types: ['client_credentials'], scope: 'read' },
    { ...client, client_id: 'bench-offline', redirect_uris: ['https://agency.example/callback'],
      grant_types: ['authorization_code', 'refresh_token'] },
    { ...client, client_id: 'bench-archive', redirect_uris: [], response_types: [], grant_types: ['client_credentials'] },
  ],
  claims: {
    openid: ['sub'], email: ['email', 'email_verified'],
    profile: ['name', 'family_name', 'middle_name', 'given_name', 'birthdate', 'gender'],
  },
  scopes: ['openid', 'offline_access', 'profile', 'email', 'read'],
  pkce: { required: () => true },
  findAccount: (ctx, sub) => ({ accountId: sub, claims: () => ({ sub, ...claims }) }),
  loadExistingGrant,
  features: {
    devInteractions: { enabled: true },
    clientCredentials: { enabled: true },
    introspection: { enabled: true }, // of opaque tokens: it knows no other way
    ...more,
    resourceIndicators: {
      enabled: true,
      // Client credentials are for a service of the state, as a signed token; sign-in is for userinfo.
      defaultResource: (ctx) => (ctx.oidc.client.clientId !== 'bench-machine' ? undefined : 'https://api.example'),
      getResourceServerInfo: () => ({
        scope: 'read', accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } }, accessTokenTTL: 300,
      }),
    },
  },
  ttl: { AccessToken: 300, AuthorizationCode: 60, IdToken: 300, ClientCredentials: 300, Session: 86400, Grant: 86400, Interaction: 600 },
});

provider.listen(port, '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
