import { plugin } from './module';

it('asks the dashboard for its annotations', () => {
  expect(plugin.dataSupport.annotations).toBe(true);
});
