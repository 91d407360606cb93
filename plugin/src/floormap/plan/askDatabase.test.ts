import { inBrief } from './askDatabase';

it('leaves out the request that the data source sent', () => {
  expect(
    inBrief(
      'error querying the database: sendQuery: Post "http://reader:***@ch:8123?x=1": dial tcp: connection refused.'
    )
  ).toBe('dial tcp: connection refused');
  expect(inBrief('code: 60, message: Unknown table v_zones')).toBe('code: 60, message: Unknown table v_zones');
});
