import { HOSTILE } from '@floorwatch/contract/hostile-texts';
import { showText } from './showText';

it.each([
  ['amr-17', 'amr-17'],
  ['amr-\u202e7-1\u202c', 'amr-\\u{202e}7-1\\u{202c}'],
  ['amr\u200b-1\ufeff', 'amr\\u{200b}-1\\u{feff}'],
  ['a\tb\u00a0c', 'a\\u{0009}b\\u{00a0}c'],
  ['ロボット-Ünï روبوت 🤖', 'ロボット-Ünï روبوت 🤖'],
])('shows %j as %s', (text, shown) => {
  expect(showText(text)).toBe(shown);
});

it('shows different texts differently', () => {
  expect(new Set(HOSTILE.map(({ text }) => showText(text))).size).toBe(HOSTILE.length);
});
