// Started by guard.ts. Reads lines: `+` or `-`, and the id of a process group or the path of a folder. When its input ends, it kills every
// group on its list and removes every folder.
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';

const groupIds = new Set<string>();
const folders = new Set<string>();

for await (const line of createInterface({ input: process.stdin })) {
  const entry = line.slice(1);
  const entries = Number.isNaN(Number(entry)) ? folders : groupIds;
  if (line.startsWith('+')) entries.add(entry);
  else entries.delete(entry);
}
for (const groupId of groupIds) {
  try {
    process.kill(-Number(groupId), 'SIGKILL');
  } catch {
    // The group has already exited.
  }
}
// A process that was just killed may still write.
for (const folder of folders) await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
