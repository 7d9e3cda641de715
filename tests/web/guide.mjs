// The set-up guide, page by page, as a person goes through it.
import assert from 'node:assert/strict';
import { codeAt } from './codes.mjs';
import { Phone } from './phone.mjs';

const nothing = async () => {};

/** Chooses a button or a link and waits for the page behind it, with its style sheet. */
export async function choose(page, selector) {
  const loaded = page.waitForEvent('load');
  await page.click(selector);
  await loaded;
}

/** Signs in with the password. */
export async function signIn(page, name = 'alice', password = 'practice') {
  await page.goto('/sign-in');
  await page.fill('#name', name);
  await page.fill('#password', password);
  await choose(page, '#sign-in');
}

/** From the password to "Authenticator added" and in. `look` sees each page. Gives the phone. */
export async function setUp(page, look = nothing) {
  await page.goto('/');
  await look('sign-in');
  await signIn(page);
  await look('secure');
  await choose(page, 'main a.button');
  await look('app');
  await choose(page, '#next');
  await look('scan');
  const phone = await Phone.enrol(await page.inputValue('#qr-text'));
  await page.waitForSelector('#status[data-standing=APPROVED]', { state: 'attached' });
  await look('connected');
  await choose(page, '#next');
  await look('try');
  await approveWhatIsShown(page, phone);
  await page.waitForURL('**/setup/added', { waitUntil: 'load' });
  await look('added');
  await choose(page, 'main a.button');
  await look('stay');
  await choose(page, '#stay-no');
  await look('home');
  return phone;
}

/** Types the number of the page on the phone. */
export async function approveWhatIsShown(page, phone) {
  const number = await page.textContent('#number');
  assert.ok((await page.title()).startsWith(`${number}: `), 'a screen reader says the number first');
  await phone.approve(number);
}

/** Signs out, and in again with the phone, with a look at the help page while the request waits. */
export async function signInWithPhone(page, phone, look = nothing) {
  await choose(page, '#sign-out');
  await signIn(page);
  await look('approve');
  const number = await page.textContent('#number');
  await choose(page, '#help');
  await look('help');
  await choose(page, '#back');
  assert.equal(await page.textContent('#number'), number, 'the same request waits');
  await approveWhatIsShown(page, phone);
  await page.waitForURL('**/stay');
  await choose(page, '#stay-yes');
}

/** All the other pages: security info, codes, declined, verify, locked. */
export async function elsewhere(page, phone, look) {
  await choose(page, '#security-info');
  await look('security-info');
  await choose(page, '#add-method');
  await choose(page, '#different-app');
  await look('codes');
  await page.fill('#code', '000000');
  await choose(page, '#next');
  await look('codes-wrong');
  const key = await page.textContent('#key');
  await page.fill('#code', codeAt(key, Date.now() / 1000));
  await choose(page, '#next');
  await page.goto('/security-info');
  await look('security-info-two');
  await choose(page, 'li[data-kind=codes] .delete');
  await look('delete');
  await page.goto('/');
  await choose(page, '#sign-out');
  await choose(page, 'main a');
  await look('create');
  await signIn(page, 'alice', 'wrong');
  await look('wrong-password');
  await signIn(page);
  await phone.decline();
  await page.waitForSelector('#message');
  await page.waitForLoadState('load');
  await look('declined');
  await choose(page, 'main .ways a');
  await look('verify');
  await choose(page, '#by-code');
  await look('code');
  await page.fill('#code', '1');
  await choose(page, '#verify');
  await look('code-wrong');
  await page.fill('#code', codeAt(key, Date.now() / 1000 + 30));
  await choose(page, '#verify');
  await page.waitForURL('**/stay');
  await phone.lockOut();
  await page.goto('/');
  await look('locked');
  await choose(page, 'main button');
}
