// Started by guard.ts. Reads `+ID` and `-ID` lines. When its input ends, it kills every process group on its list.
import { createInterface } from 'node:readline';

const groupIds = new Set<number>();

for await (const line of createInterface({ input: process.stdin })) {
  const groupId = Number(line.slice(1));
  if (line.startsWith('+')) groupIds.add(groupId);
  else groupIds.delete(groupId);
}
for (const groupId of groupIds) {
  try {
    process.kill(-groupId, 'SIGKILL');
  } catch {
    // The group has already exited.
  }
}
