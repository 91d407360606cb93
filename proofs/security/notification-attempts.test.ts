import { expect, test } from 'vitest';
import { mailOutcome, webhookOutcome } from './notification-attempts.ts';

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

test('a webhook has the name of the robot as it is', () => {
  const body = (name: string): string =>
    JSON.stringify({ alerts: [{ labels: { robot_id: name } }], message: 'has sent nothing for 2m' });
  expect(webhookOutcome(body('<script>'), '<script>')).toBe('sent as text');
  expect(webhookOutcome(body('&lt;script&gt;'), '<script>')).toBe('the name became "&lt;script&gt;"');
  expect(() => webhookOutcome('{"a":"', 'a')).toThrow(SyntaxError);
});
