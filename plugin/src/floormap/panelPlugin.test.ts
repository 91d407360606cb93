import { panelPlugin } from './panelPlugin';

it('asks the dashboard for its annotations', () => {
  expect(panelPlugin().dataSupport.annotations).toBe(true);
});
