import { findRunbook, runbooks } from './runbooks';

const SECTIONS = [
  'What fires',
  'Why it matters',
  'First three checks',
  'How to fix it',
  'How to know it is over',
] as const;

it.each(runbooks().map((runbook) => [runbook.slug, runbook] as const))(
  '%s answers the five questions',
  (_, runbook) => {
    const headings = [...runbook.markdown.matchAll(/^## (.+)$/gm)].map((match) => match[1]);
    expect(headings).toEqual(SECTIONS);
  }
);

it.each(runbooks().map((runbook) => [runbook.slug, runbook] as const))('%s has three checks', (_, { markdown }) => {
  const checks = markdown.slice(markdown.indexOf('## First three checks'), markdown.indexOf('## How to fix it'));
  expect(checks.match(/^\d\. /gm)).toEqual(['1. ', '2. ', '3. ']);
});

it('is found by its short name and by the uid of its rule', () => {
  expect(findRunbook('consumer-lag')?.title).toBe('Consumer lag');
  expect(findRunbook('floorwatch-consumer-lag')?.title).toBe('Consumer lag');
  expect(findRunbook('floorwatch-consumer-lag-long')?.title).toBe('Consumer lag');
  expect(findRunbook('floorwatch-ingestor-silent')?.title).toBe('Ingestor down');
  expect(findRunbook('nothing')).toBeUndefined();
});
