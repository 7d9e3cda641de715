// The phone's side: enrols with the text of a QR code, looks for requests, answers them.
// A phone without a vault or a screen; the only file that knows how the phone's side is done.
import { createHash, randomUUID, webcrypto } from 'node:crypto';

const encode = (data) => Buffer.from(data).toString('base64url');
const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
const now = () => Math.floor(Date.now() / 1000);

export class Phone {
  /** Adds an account from the text of the QR code. */
  static async enrol(text) {
    const link = new URL(text);
    const given = link.searchParams;
    const fetched = given.get('request_uri');
    const token = fetched ? await (await fetch(fetched)).text() : given.get('token');
    const phone = new Phone();
    phone.claims = claimsOf(token);
    phone.client = { client_id: given.get('client_id'), client_secret: given.get('client_secret') };
    phone.deviceId = randomUUID();
    phone.credentialId = randomUUID();
    phone.pair = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign']);
    const { kty, crv, x, y } = await webcrypto.subtle.exportKey('jwk', phone.pair.publicKey);
    phone.jwk = { kty, crv, x, y, alg: 'ES256', use: 'sig' };
    await phone.#fetchToken();
    const { enrollmentId, nonce, sub } = phone.claims;
    await phone.#call('POST', '/push-mfa/enroll/complete', {
      enrollmentId, nonce, sub, deviceType: 'test', credentialId: phone.credentialId, deviceId: phone.deviceId,
      deviceLabel: `Pixel 8 · ${phone.deviceId.slice(0, 4).toUpperCase()}`, cnf: { jwk: phone.jwk },
    });
    return phone;
  }

  /** The requests that wait for an answer. */
  async pending() {
    const answer = await this.#call('GET', `/push-mfa/login/pending?userId=${this.claims.sub}`);
    return answer.challenges;
  }

  /** Approves the only request with what the person typed. */
  async approve(number) {
    await this.#answer({ action: 'approve', userVerification: number });
  }

  /** Declines the only request. */
  async decline() {
    await this.#answer({ action: 'deny' });
  }

  /** Locks the account. */
  async lockOut() {
    await this.#call('POST', '/push-mfa/login/lockout');
  }

  async #answer(answer) {
    const [{ cid }] = await this.pending();
    const claims = { cid, credId: this.credentialId, deviceId: this.deviceId, ...answer };
    await this.#call('POST', `/push-mfa/login/challenges/${cid}/respond`, claims);
  }

  async #fetchToken() {
    const url = `${this.claims.iss}/protocol/openid-connect/token`;
    const proof = await this.#proof('POST', url, {});
    const body = new URLSearchParams({ grant_type: 'client_credentials', ...this.client });
    const reply = await fetch(url, { method: 'POST', headers: { DPoP: proof }, body });
    this.token = (await reply.json()).access_token;
  }

  async #call(method, target, claims) {
    const url = this.claims.iss + target;
    const proof = await this.#proof(method, url.split('?')[0], {
      ath: createHash('sha256').update(this.token).digest('base64url'),
      sub: this.claims.sub,
      deviceId: this.deviceId,
    });
    const headers = { Authorization: `DPoP ${this.token}`, DPoP: proof, Accept: 'application/json' };
    let body;
    if (claims) {
      headers['Content-Type'] = 'application/json';
      body = JSON.stringify({ token: await this.#sign({ alg: 'ES256', typ: 'JWT' }, claims) });
    }
    const reply = await fetch(url, { method, headers, body });
    const answer = await reply.json();
    if (!reply.ok) throw new Error(`${reply.status} ${answer.error}`);
    return answer;
  }

  #proof(method, url, claims) {
    const header = { alg: 'ES256', typ: 'dpop+jwt', jwk: this.jwk };
    return this.#sign(header, { htm: method, htu: url, iat: now(), jti: randomUUID(), ...claims });
  }

  async #sign(header, claims) {
    const signed = `${encode(JSON.stringify(header))}.${encode(JSON.stringify(claims))}`;
    const how = { name: 'ECDSA', hash: 'SHA-256' };
    return `${signed}.${encode(await webcrypto.subtle.sign(how, this.pair.privateKey, Buffer.from(signed)))}`;
  }
}
