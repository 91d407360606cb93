import { setTimeout as sleep } from 'node:timers/promises';
import type { Page, Request } from '@playwright/test';

/** What a page asked Grafana's data sources, and when after the begin of the recording. */
export interface RecordedRequest {
  atMs: number;
  url: string;
  headers: Record<string, string>;
  body: string;
}

export interface Recording {
  requests: RecordedRequest[];
  lengthMs: number;
}

export async function recordRequests(page: Page, lengthMs: number): Promise<Recording> {
  const requests: RecordedRequest[] = [];
  const startMs = performance.now();
  const note = (request: Request): void => {
    const body = request.postData();
    if (!request.url().includes('/api/ds/query') || body === null) return;
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    requests.push({ atMs: performance.now() - startMs, url: request.url(), headers, body });
  };
  page.on('request', note);
  await sleep(lengthMs);
  page.off('request', note);
  if (requests.length === 0) throw new Error('The page asked nothing while its requests were recorded.');
  return { requests, lengthMs };
}

/**
 * Other viewers of the same page: each repeats the recorded requests again and again, from another moment on. Like a browser, none asks
 * again what it still waits for.
 */
export class ReplayedViewers {
  readonly #done = new AbortController();
  readonly #running: Promise<void>[];
  failures = 0;
  /** What Grafana said first; '' when nothing failed. */
  firstFailure = '';

  constructor(recording: Recording, viewers: number) {
    this.#running = Array.from({ length: viewers }, (_, n) => this.#view(recording, (n + 1) / (viewers + 1)));
  }

  async stop(): Promise<void> {
    this.#done.abort();
    await Promise.all(this.#running);
  }

  /** @param phase how far into the recording the viewer begins, 0 to 1 */
  async #view({ requests, lengthMs }: Recording, phase: number): Promise<void> {
    const waiting = new Set<RecordedRequest>();
    const startMs = performance.now() - phase * lengthMs;
    const isOver = (): boolean => this.#done.signal.aborted;
    for (let round = 0; !isOver(); round++) {
      for (const request of requests) {
        const dueMs = startMs + round * lengthMs + request.atMs;
        if (dueMs < performance.now() - lengthMs) continue;
        if (round === 0 && dueMs < performance.now()) continue;
        await sleep(Math.max(0, dueMs - performance.now()), undefined, { signal: this.#done.signal }).catch(() => null);
        if (isOver()) return;
        if (!waiting.has(request)) void this.#send(request, waiting);
      }
    }
  }

  async #send(request: RecordedRequest, waiting: Set<RecordedRequest>): Promise<void> {
    waiting.add(request);
    const { url, headers, body } = request;
    try {
      const response = await fetch(url, { method: 'POST', headers, body, signal: this.#done.signal });
      const text = await response.text();
      if (!response.ok) this.#note(`${response.status} ${text.slice(0, 500)}`);
    } catch (error) {
      if (!this.#done.signal.aborted) this.#note(String(error));
    }
    waiting.delete(request);
  }
  #note(failure: string): void {
    this.failures++;
    this.firstFailure ||= failure;
  }
}
