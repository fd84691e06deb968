// openid-client registers itself, as a client of the conformance suite would, and signs somebody in.
import * as client from 'openid-client'
import { done, said, say, visit } from './dialogue.mjs'

const config = await client.dynamicClientRegistration(new URL(said.issuer), {
  client_name: 'Registered by itself',
  redirect_uris: [said.redirect_uri],
  grant_types: ['authorization_code', 'refresh_token'],
  contacts: ['ops@service.example'],
  token_endpoint_auth_method: 'client_secret_post', // what it uses by itself; the default is Basic
})
const { registration_client_uri, registration_access_token, ...made } = config.clientMetadata()
say('registered', { made })

const verifier = client.randomPKCECodeVerifier()
const state = client.randomState()
const back = await visit(
  client.buildAuthorizationUrl(config, {
    redirect_uri: said.redirect_uri,
    scope: 'openid profile',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
  }),
)
const tokens = await client.authorizationCodeGrant(config, back, {
  pkceCodeVerifier: verifier,
  expectedState: state,
})
const person = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub)
say('person', { name: person.name })

const headers = { authorization: `Bearer ${registration_access_token}` }
const read = await fetch(registration_client_uri, { headers })
const gone = await fetch(registration_client_uri, { method: 'DELETE', headers })
const nothing = await fetch(registration_client_uri, { headers })
say('managed', { statuses: [read.status, gone.status, nothing.status] })
done()
