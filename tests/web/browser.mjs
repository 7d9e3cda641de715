// Chromium, and what holds for each page: no script error, nothing blocked, no accessibility finding, nothing cut off.
import assert from 'node:assert/strict';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';

const flags = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

/** Starts the browser. */
export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: flags });
}

/** Opens a page of its own: a person with these settings. Complaints of the browser end up in `page.complaints`. */
export async function person(browser, base, settings = {}) {
  const context = await browser.newContext({ baseURL: base, locale: 'en-GB', ...settings });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  page.on('console', (message) => {
    // A refused sign-in answers 4xx by design, which Chromium reports as a failed load.
    const meant = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !meant) page.complaints.push(message.text());
  });
  return page;
}

/** No finding of axe, in any of its rules for WCAG 2.2 A and AA and its best practices. */
export async function assertAccessible(page, name) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const findings = violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  assert.deepEqual(findings, [], name);
  assert.deepEqual(page.complaints, [], name);
}

/** Everything fits into the width: nothing is cut off, nothing scrolls sideways. */
export async function assertFits(page, name) {
  const wide = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    return [...document.body.querySelectorAll('*')]
      .filter((element) => element.checkVisibility() && element.getBoundingClientRect().right > width + 0.5)
      .map((element) => element.outerHTML.slice(0, 80));
  });
  assert.deepEqual(wide, [], name);
}
