import { copyText } from './copyText';

afterEach(() => Reflect.deleteProperty(document, 'execCommand'));

it('copies on a page that came by http, which has no clipboard', async () => {
  expect(navigator.clipboard).toBeUndefined();
  let copied = '';
  document.execCommand = (command) => {
    const { activeElement } = document;
    if (command === 'copy' && activeElement instanceof HTMLTextAreaElement) copied = activeElement.value;
    return true;
  };
  await copyText('12.34, -5.67');
  expect(copied).toBe('12.34, -5.67');
  expect(document.querySelector('textarea')).toBeNull();
});
