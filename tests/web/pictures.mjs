// Makes the pictures of the documentation: npm run pictures. They differ each time, as numbers and codes do.
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { launch, person } from './browser.mjs';
import { choose, setUp, signIn } from './guide.mjs';
import { startSite } from './site.mjs';

const folder = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));
await mkdir(folder, { recursive: true });
const browser = await launch();

async function shoot(language, colorScheme, wanted) {
  const site = await startSite();
  const page = await person(browser, site.base, {
    locale: language, colorScheme, viewport: { width: 560, height: 620 }, deviceScaleFactor: 1,
  });
  const look = async (name) => {
    if (wanted.includes(name)) {
      await page.screenshot({ path: `${folder}${name}-${language}-${colorScheme}.png`, fullPage: true });
    }
  };
  const phone = await setUp(page, look);
  await page.goto('/security-info');
  await look('security-info');
  await choose(page, '#sign-out');
  await signIn(page);
  await look('approve');
  await phone.decline();
  await page.context().close();
  await site.stop();
}

await shoot('en', 'light', ['scan', 'try']);
await browser.close();
