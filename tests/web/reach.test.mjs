// Each page, for people who see, read and point differently: axe on all of them, narrow, with large text, dark.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertAccessible, assertFits, launch, person } from './browser.mjs';
import { elsewhere, setUp, signInWithPhone } from './guide.mjs';
import { startSite } from './site.mjs';

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser.close(); });

const settings = {
  'English, light': { locale: 'en-GB', colorScheme: 'light' },
  'English, dark': { locale: 'en-GB', colorScheme: 'dark' },
  'Japanese, light, 320 pixels wide': { locale: 'ja-JP', viewport: { width: 320, height: 640 } },
  'English, dark, 320 pixels wide': { locale: 'en-GB', colorScheme: 'dark', viewport: { width: 320, height: 640 } },
  'Japanese, text twice as large': { locale: 'ja-JP', viewport: { width: 640, height: 900 }, large: true },
  'English, text twice as large on a phone': { locale: 'en-GB', viewport: { width: 360, height: 700 }, large: true },
  'more contrast, no motion': { locale: 'en-GB', contrast: 'more', forcedColors: 'active', reducedMotion: 'reduce' },
};

for (const [name, { large, ...how }] of Object.entries(settings)) {
  test(name, async () => {
    const site = await startSite();
    const page = await person(browser, site.base, { ...how, bypassCSP: large });
    const seen = new Set();
    const look = async (where) => {
      seen.add(where);
      if (large) await page.addStyleTag({ content: 'html { font-size: 200% !important; }' });
      await page.evaluate(() => document.querySelectorAll('details').forEach((it) => { it.open = true; }));
      await assertFits(page, where);
      // Forced colours replace the site's own, which axe can't see.
      if (!how.forcedColors) await assertAccessible(page, where);
      const note = await page.textContent('.practice');
      assert.match(note, /for practice|練習用/, where);
      assert.equal(await page.locator('h1').count(), 1, where);
    };
    try {
      const phone = await setUp(page, look);
      await signInWithPhone(page, phone, look);
      await elsewhere(page, phone, look);
      assert.equal(seen.size, 23);
    } finally {
      await page.context().close();
      await site.stop();
    }
  });
}

test('targets are large enough to touch', async () => {
  const site = await startSite();
  const page = await person(browser, site.base, { viewport: { width: 320, height: 640 }, hasTouch: true });
  try {
    await page.goto('/sign-in');
    const small = await page.evaluate(() => [...document.querySelectorAll('button, input:not([type=hidden]), a.button')]
      .filter((element) => element.getBoundingClientRect().height < 44)
      .map((element) => element.outerHTML));
    assert.deepEqual(small, []);
  } finally {
    await page.context().close();
    await site.stop();
  }
});
