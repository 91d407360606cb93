import { HOSTILE } from '@floorwatch/contract/hostile-texts';
import { locationService } from '@grafana/runtime';
import { addressOf, addressOfRobot, addressWithAll, changeAddress, fitsAddress, isSafeLink } from './address';

const history = locationService.getHistory();
beforeEach(() => locationService.push('/a/fleet?from=now-1h'));

it.each(HOSTILE.map(({ why, text }) => [why, text]))('an address gives back %s', (_, text) => {
  const url = new URL(addressOfRobot(text), 'http://grafana');
  expect([...url.searchParams]).toEqual([['var-robot', text]]);
  expect(url.hash).toBe('');
});

it('has no question mark without parameters', () => {
  expect(addressOf('/a/fleet', { tab: null, robot: [] })).toBe('/a/fleet');
});

it('a page that is opened from another one keeps what is chosen there, several robots included', () => {
  const chosen = 'from=1&to=2&site=s%2F1&map=hall&model=x&zone=z&var-robot=r+1&var-robot=r%2F2&page=3&status=idle';
  expect(addressWithAll('/a/robots', new URLSearchParams(chosen), { status: 'low battery', page: null })).toBe(
    '/a/robots?from=1&to=2&site=s%2F1&map=hall&model=x&zone=z&var-robot=r+1&var-robot=r%2F2&status=low+battery'
  );
  expect(addressWithAll('/a/robots', new URLSearchParams(), {})).toBe('/a/robots');
});

it('a decision is a step of its own, the same decision again is none', () => {
  const push = jest.spyOn(history, 'push');
  const replace = jest.spyOn(history, 'replace');
  changeAddress({ 'var-robot': ['r 1', 'r/2'] }, 'new step');
  changeAddress({ 'var-robot': ['r 1', 'r/2'] }, 'new step');
  expect(push).toHaveBeenCalledTimes(1);
  expect(locationService.getSearch().getAll('var-robot')).toEqual(['r 1', 'r/2']);
  changeAddress({ 'var-robot': [], playback: '5' }, 'same step');
  expect(push).toHaveBeenCalledTimes(1);
  expect(replace).toHaveBeenCalledTimes(1);
  expect([...locationService.getSearch().keys()]).toEqual(['from', 'playback']);
});

it('says when values are too many for an address', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, k) => `ops-crowd-${String(k).padStart(4, '0')}`);
  expect(fitsAddress('var-robot', ids(50))).toBe(true);
  expect(fitsAddress('var-robot', ids(338))).toBe(false);
});

it.each([
  ['/d/floor?var-robot=a', true],
  ['https://fms.example/robots/a%2F1', true],
  ['javascript:alert(1)', false],
  ['\u0001 java\tscript:alert(1)', false],
  ['data:text/html,<script>', false],
  ['vbscript:x', false],
  ['http://[', false],
])('takes %j for a safe link: %s', (href, isSafe) => {
  expect(isSafeLink(href)).toBe(isSafe);
});
