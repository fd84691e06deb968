// oauth4webapi in full: it registers itself, signs its request, opens encrypted answers, and goes.
import * as oauth from 'oauth4webapi'
import { compactDecrypt, exportJWK, generateKeyPair } from 'jose'
import { done, said, say, visit } from './dialogue.mjs'

const ALGORITHM = 'ES256'
const WRAP = { alg: 'ECDH-ES+A256KW', enc: 'A128GCM' }

async function pair(alg, use) {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid: use, use, alg } }
}

const issuer = new URL(said.issuer)
const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer))
const sign = await pair(ALGORITHM, 'sig')
const encrypt = await pair(WRAP.alg, 'enc')
const key = { key: sign.privateKey, kid: sign.jwk.kid }
const open = async (jwe) => {
  const { plaintext, protectedHeader } = await compactDecrypt(jwe, encrypt.privateKey)
  say('opened', { header: protectedHeader })
  return new TextDecoder().decode(plaintext)
}
const options = { [oauth.jweDecrypt]: open }

const encrypted = (kind) => ({
  [`${kind}_signed_response_alg`]: ALGORITHM,
  [`${kind}_encrypted_response_alg`]: WRAP.alg,
  [`${kind}_encrypted_response_enc`]: WRAP.enc,
})
const { registration_client_uri, registration_access_token, ...client } =
  await oauth.processDynamicClientRegistrationResponse(
    await oauth.dynamicClientRegistrationRequest(as, {
      client_name: 'Registered by itself',
      redirect_uris: [said.redirect_uri],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: ALGORITHM,
      request_object_signing_alg: ALGORITHM,
      require_signed_request_object: true,
      jwks: { keys: [sign.jwk, encrypt.jwk] },
      ...encrypted('id_token'),
      ...encrypted('userinfo'),
      ...encrypted('introspection'),
    }),
  )
say('registered', { made: client })
const proof = oauth.PrivateKeyJwt(key)

const verifier = oauth.generateRandomCodeVerifier()
const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()]
const asked = {
  response_type: 'code',
  redirect_uri: said.redirect_uri,
  scope: 'openid profile offline_access',
  prompt: 'consent',
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
  state,
  nonce,
}
const to = new URL(as.authorization_endpoint)
to.searchParams.set('client_id', client.client_id)
to.searchParams.set('request', await oauth.issueRequestObject(as, client, asked, key))
const back = oauth.validateAuthResponse(as, client, await visit(to), state)

const bought = await oauth.authorizationCodeGrantRequest(
  as, client, proof, back, said.redirect_uri, verifier,
)
const tokens = await oauth.processAuthorizationCodeResponse(as, client, bought, {
  expectedNonce: nonce,
  requireIdToken: true,
  ...options,
})
await oauth.validateApplicationLevelSignature(as, bought)
const { sub } = oauth.getValidatedIdTokenClaims(tokens)
say('tokens', { sub })

const known = await oauth.userInfoRequest(as, client, tokens.access_token)
const person = await oauth.processUserInfoResponse(as, client, sub, known, options)
await oauth.validateApplicationLevelSignature(as, known)
say('person', { name: person.name })

const refresh = async (token) =>
  oauth.processRefreshTokenResponse(
    as, client, await oauth.refreshTokenGrantRequest(as, client, proof, token), options,
  )
const again = await refresh(tokens.refresh_token)
say('refreshed', { other: again.access_token !== tokens.access_token })

async function active() {
  const answer = await oauth.introspectionRequest(as, client, proof, tokens.refresh_token)
  const worth = await oauth.processIntrospectionResponse(as, client, answer, options)
  await oauth.validateApplicationLevelSignature(as, answer)
  return worth.active
}
const before = await active()
await oauth.processRevocationResponse(
  await oauth.revocationRequest(as, client, proof, tokens.refresh_token),
)
say('introspected', { before, after: await active() })
const refused = await refresh(tokens.refresh_token).catch((error) => error)
say('refused', { error: refused.error })

const headers = { authorization: `Bearer ${registration_access_token}` }
const gone = await fetch(registration_client_uri, { method: 'DELETE', headers })
say('gone', { status: gone.status })
done()
