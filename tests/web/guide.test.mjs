// The guide and the next sign-in, in each language, with and without scripts, and by keyboard alone.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { launch, person } from './browser.mjs';
import { approveWhatIsShown, choose, setUp, signIn, signInWithPhone } from './guide.mjs';
import { Phone } from './phone.mjs';
import { startSite } from './site.mjs';

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser.close(); });

/** A test with a site and a person of its own. */
function withPerson(name, settings, options, play) {
  test(name, async () => {
    const site = await startSite(...options);
    const page = await person(browser, site.base, settings);
    try {
      await play(page);
      assert.deepEqual(page.complaints, []);
    } finally {
      await page.context().close();
      await site.stop();
    }
  });
}

/** The help page says what phones say: each reason has the words of the file that they read. */
async function assertPhonesWords(page, language) {
  const file = new URL(`../../words/reasons.${language}.properties`, import.meta.url);
  const words = new Map((await readFile(file, 'utf8')).split('\n').map((line) => line.split(/ = (.*)/s, 2)));
  const shown = await page.$$eval('#reasons dt', (terms) => terms.map((term) => (
    [term.id, term.textContent, term.nextElementSibling.textContent])));
  assert.ok(shown.length > 10);
  for (const [id, what, next] of shown) {
    assert.deepEqual([what, next], [words.get(id), words.get(`${id}.next`)], id);
  }
}

withPerson('in English', { locale: 'en-GB' }, [], async (page) => {
  const titles = [];
  const phone = await setUp(page, async () => { titles.push(await page.textContent('h1')); });
  assert.deepEqual(titles, [
    'Sign in', "Let's keep your account secure", 'Set up your account in app', 'Scan the QR code',
    'Scan the QR code', "Let's try it out", 'Authenticator added', 'Stay signed in?', 'You are signed in',
  ]);
  const asked = [];
  await signInWithPhone(page, phone, async () => { asked.push(await page.textContent('h1')); });
  assert.deepEqual(asked, ['Approve sign in request', 'A request does not arrive?']);
  assert.equal(await page.textContent('#signed-in'), 'Signed in as alice.');
  await choose(page, '#help');
  await assertPhonesWords(page, 'en');
});

withPerson('in Japanese', { locale: 'ja-JP' }, [], async (page) => {
  const titles = [];
  const phone = await setUp(page, async () => { titles.push(await page.textContent('h1')); });
  assert.deepEqual(titles, [
    'サインイン', 'アカウントのセキュリティ保護', 'アカウントのセットアップ', 'QR コードのスキャン',
    'QR コードのスキャン', '試してみましょう', '認証アプリが追加されました', 'サインインの状態を維持しますか?',
    'サインインしました',
  ]);
  assert.equal(await page.getAttribute('html', 'lang'), 'ja');
  const asked = [];
  await signInWithPhone(page, phone, async () => { asked.push(await page.textContent('h1')); });
  assert.deepEqual(asked, ['サインイン要求を承認', '要求が届かないときは']);
  await choose(page, '#help');
  await assertPhonesWords(page, 'ja');
  await choose(page, '#back');
  await choose(page, 'footer button[lang=en]');
  assert.equal(await page.textContent('h1'), 'You are signed in');
});

withPerson('without scripts', { javaScriptEnabled: false }, [], async (page) => {
  await signIn(page);
  await choose(page, 'main a.button');
  await choose(page, '#next');
  await choose(page, '#next');
  assert.match(await page.textContent('#error'), /hasn't answered yet/);
  await page.click('#cannot-scan summary');
  const phone = await Phone.enrol(await page.inputValue('#qr-text'));
  await page.waitForSelector('#status[data-standing=APPROVED]');
  await choose(page, '#next');
  await approveWhatIsShown(page, phone);
  await page.waitForURL('**/setup/added');
  await choose(page, 'main a.button');
  await choose(page, '#stay-no');
  await choose(page, '#sign-out');
  await signIn(page);
  await phone.decline();
  await page.waitForSelector('#message');
  assert.equal(await page.textContent('h1'), 'The request was declined');
  await choose(page, 'main button');
  await approveWhatIsShown(page, phone);
  await page.waitForURL('**/stay');
});

withPerson('by keyboard alone', {}, [], async (page) => {
  /** Goes on with Tab until `selector` has the focus, which must be seen; then presses `key`. */
  const press = async (selector, key = 'Enter') => {
    for (let step = 0; step < 20; step += 1) {
      await page.keyboard.press('Tab');
      const here = page.locator(`${selector}:focus`);
      if (await here.count()) {
        const outline = await here.evaluate((element) => getComputedStyle(element).outlineStyle);
        assert.notEqual(outline, 'none', selector);
        if (key) await page.keyboard.press(key);
        return;
      }
    }
    assert.fail(`${selector} is out of reach`);
  };
  await page.goto('/');
  await press('#name', null);
  await page.keyboard.type('alice');
  await press('#password', null);
  await page.keyboard.type('practice');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/setup');
  await press('main a.button');
  await page.waitForURL('**/setup/app');
  await press('#next');
  await page.waitForURL('**/setup/scan');
  await press('#cannot-scan summary');
  await press('#qr-text', null);
  const phone = await Phone.enrol(await page.inputValue('#qr-text'));
  await page.waitForSelector('#status[data-standing=APPROVED]');
  assert.equal(await page.locator('#qr-text:focus').count(), 1, 'the news took the focus away');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  assert.equal(await page.locator('#next:focus').count(), 1);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/setup/try');
  await approveWhatIsShown(page, phone);
  await page.waitForURL('**/setup/added');
  await press('main a.button');
  await page.waitForURL('**/stay');
  await press('#stay-no');
  await page.waitForSelector('#signed-in');
  await press('#sign-out');
  await page.waitForURL('**/sign-in');
});

withPerson('a code that was scanned too late', {}, ['--enrolment-seconds', '6'], async (page) => {
  await signIn(page);
  await choose(page, 'main a.button');
  await choose(page, '#next');
  await page.waitForSelector('#status[data-standing=EXPIRED]');
  assert.equal(await page.locator('#qr').count(), 0);
  await choose(page, '#new-code');
  await page.waitForSelector('#qr');
});

withPerson('no answer in time', {}, ['--challenge-seconds', '2'], async (page) => {
  await signIn(page);
  await choose(page, 'main a.button');
  await choose(page, '#next');
  await Phone.enrol(await page.inputValue('#qr-text'));
  await page.waitForSelector('#status[data-standing=APPROVED]');
  await choose(page, '#next');
  await page.waitForSelector('#message');
  assert.equal(await page.textContent('h1'), "We didn't hear from you");
});

withPerson('the text of the code is copied', { permissions: ['clipboard-read', 'clipboard-write'] }, [], async (page) => {
  await signIn(page);
  await choose(page, 'main a.button');
  await choose(page, '#next');
  await page.click('#cannot-scan summary');
  await page.click('[data-copy]');
  await page.waitForFunction(() => document.getElementById('copied').textContent === 'Copied.');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied, await page.inputValue('#qr-text'));
  assert.match(copied, /^countersign:\/\/enrol\?/);
});

withPerson('a PIN', {}, ['--verification', 'pin', '--token-in-code'], async (page) => {
  await signIn(page);
  await choose(page, 'main a.button');
  await choose(page, '#next');
  const phone = await Phone.enrol(await page.inputValue('#qr-text'));
  await page.waitForSelector('#status[data-standing=APPROVED]');
  await choose(page, '#next');
  assert.match(await page.textContent('#number'), /^\d{4}$/);
  await approveWhatIsShown(page, phone);
  await page.waitForURL('**/setup/added');
});
