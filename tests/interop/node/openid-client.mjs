// openid-client in full: pushed signed requests, encrypted answers, refresh, introspection, revocation.
import * as client from 'openid-client'
import { done, said, say, visit } from './dialogue.mjs'

const issuer = new URL(said.issuer)
const curve = (name) => ({ name, namedCurve: 'P-256' })
const imported = ({ kid, use, alg, ...jwk }, name, usages) =>
  crypto.subtle.importKey('jwk', jwk, curve(name), false, usages)

const signs = { key: await imported(said.sign, 'ECDSA', ['sign']), kid: said.sign.kid }
const opens = await imported(said.encrypt, 'ECDH', ['deriveBits'])
const wishes = { introspection_signed_response_alg: 'ES256' }
const proof = client.PrivateKeyJwt(signs)
const config = await client.discovery(issuer, said.client_id, wishes, proof)
client.enableNonRepudiationChecks(config)
client.enableDecryptingResponses(config, ['A256GCM'], { key: opens, kid: said.encrypt.kid })

const verifier = client.randomPKCECodeVerifier()
const [state, nonce] = [client.randomState(), client.randomNonce()]
const signed = await client.buildAuthorizationUrlWithJAR(
  config,
  {
    redirect_uri: said.redirect_uri,
    scope: 'openid profile offline_access',
    prompt: 'consent',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  },
  signs,
)
const pushed = await client.buildAuthorizationUrlWithPAR(config, signed.searchParams)
say('pushed', { names: [...pushed.searchParams.keys()].sort() })

const back = await visit(pushed)
const tokens = await client.authorizationCodeGrant(config, back, {
  pkceCodeVerifier: verifier,
  expectedState: state,
  expectedNonce: nonce,
  idTokenExpected: true,
})
const { sub } = tokens.claims()
say('tokens', { encrypted: tokens.id_token.split('.').length === 5, sub })
const person = await client.fetchUserInfo(config, tokens.access_token, sub)
say('person', { name: person.name, sub: person.sub })

const again = await client.refreshTokenGrant(config, tokens.refresh_token)
say('refreshed', { other: again.access_token !== tokens.access_token, sub: again.claims()?.sub })

const types = new Set()
config[client.customFetch] = async (...words) => {
  const answer = await fetch(...words)
  types.add(answer.headers.get('content-type'))
  return answer
}
const before = await client.tokenIntrospection(config, tokens.refresh_token)
await client.tokenRevocation(config, tokens.refresh_token)
const after = await client.tokenIntrospection(config, tokens.refresh_token)
say('introspected', { before: before.active, after: after.active, types: [...types] })
const refused = await client.refreshTokenGrant(config, tokens.refresh_token).catch((error) => error)
say('refused', { error: refused.error })
done()
