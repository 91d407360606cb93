import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@floorwatch/servers/guard';
import { chromium, type Page } from '@playwright/test';
import { rolldown } from 'rolldown';

/** Bundles the page of the benchmark with the code of the panel into one script. @returns its text */
export async function bundlePage(): Promise<string> {
  const folder = temporaryFolder('floorwatch-bench');
  const file = join(folder, 'page.js');
  try {
    const bundle = await rolldown({ input: join(import.meta.dirname, 'page/page.ts'), platform: 'browser' });
    await bundle.write({ file, format: 'iife', name: 'page' });
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Starts a new browser for each run, so that a run does not inherit heap or shaders of another. */
export async function openPage(
  script: string,
  viewport: { width: number; height: number },
  hasGpu: boolean
): Promise<{ page: Page; close: () => Promise<void> }> {
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--js-flags=--expose-gc',
      '--enable-precise-memory-info',
      '--disable-background-networking',
      ...(hasGpu ? [] : ['--disable-gpu']),
    ],
  });
  const page = await browser.newPage({ viewport });
  await page.setContent('<!doctype html><body style="margin:0;background:#111217"></body>');
  await page.addScriptTag({ content: script });
  return { page, close: () => browser.close() };
}

/** Calls a function of the benchmark page by its name. */
export function call<Result>(page: Page, name: string, args: unknown[]): Promise<Result> {
  return page.evaluate(
    ([benchName, benchArgs]) => {
      const { bench } = globalThis as unknown as { bench: Record<string, (...given: unknown[]) => Promise<Result>> };
      const run = bench[benchName];
      if (!run) throw new Error(`the benchmark page has no function ${benchName}`);
      return run(...benchArgs);
    },
    [name, args] as const
  );
}
