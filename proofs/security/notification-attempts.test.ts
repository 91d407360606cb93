import { expect, test } from 'vitest';
import { mailOutcome } from './notification-attempts.ts';

const headers = new Map([
  ['to', 'on-call@example.com'],
  ['subject', 'WARNING'],
]);
const mail = { recipients: ['on-call@example.com'], headers, body: '<p>amr-1 has sent nothing for 2m</p>' };

test.each([
  [mail, 'shown as text'],
  [{ ...mail, body: '<p><script>x</script> has sent nothing for 2m</p>' }, 'markup'],
  [{ ...mail, body: '<p><a href="javascript:x">has sent nothing for</a></p>' }, 'markup'],
  [{ ...mail, body: '<p></p>' }, 'the alert is not in it'],
  [{ ...mail, headers: new Map([...headers, ['bcc', 'thief@example.com']]) }, 'headers bcc'],
  [{ ...mail, recipients: ['thief@example.com'] }, 'sent to thief@example.com'],
])('an e-mail with %j: %s', (one, seen) => {
  expect(mailOutcome(one)).toBe(seen);
});
