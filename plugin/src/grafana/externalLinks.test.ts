import { HOSTILE } from '@floorwatch/contract/hostile-texts';
import { addressOfLink, problemOfTemplate } from './externalLinks';

const TEMPLATE = 'https://fms.example/robots/{robot_id}?site={site_id}&map={map_id}&fleet={fleet}#at';
const ROBOT = { robot_id: 'amr 7', site_id: 'berlin', map_id: 'hall', fleet: 'north' };

it('fills the placeholders, each encoded', () => {
  expect(addressOfLink(TEMPLATE, { ...ROBOT, robot_id: 'a/1?x=1&y#z' })).toBe(
    'https://fms.example/robots/a%2F1%3Fx%3D1%26y%23z?site=berlin&map=hall&fleet=north#at'
  );
});

it.each(HOSTILE.map(({ why, text }) => [why, text]))('a robot id cannot leave its place in the link: %s', (_, text) => {
  const href = addressOfLink('https://fms.example/robots/{robot_id}/tasks?robot={robot_id}&all=no', {
    ...ROBOT,
    robot_id: text,
  });
  if (href === null) return;
  const url = new URL(href);
  expect([url.origin, url.username, url.hash]).toEqual(['https://fms.example', '', '']);
  expect([...url.searchParams]).toEqual([
    ['robot', text],
    ['all', 'no'],
  ]);
  expect(url.pathname.split('/').map(decodeURIComponent)).toEqual(['', 'robots', text, 'tasks']);
});

it.each(['.', '..', '', null, undefined, '\ud800'])(
  'makes no link of a value that a path cannot hold: %j',
  (robotId) => {
    expect(addressOfLink('https://fms.example/robots/{robot_id}', { ...ROBOT, robot_id: robotId })).toBeNull();
  }
);

it.each([
  'https://fms.example/robots/{robot_id} ',
  'https://fms.example/a\\{robot_id}',
  'https://fms.example/a/\t{robot_id}',
])(
  'makes no link of a step in the path, where a browser reads the template %j otherwise than it is written',
  (template) => {
    expect(addressOfLink(template, { robot_id: '..' })).toBeNull();
    expect(addressOfLink(template, { robot_id: 'a' })).not.toBeNull();
  }
);

it('makes no link without a value that the template needs, and one where it does not need it', () => {
  expect(addressOfLink(TEMPLATE, { ...ROBOT, site_id: null })).toBeNull();
  expect(addressOfLink('http://fms/{robot_id}', { robot_id: 'a' })).toBe('http://fms/a');
});

it.each([
  ['https://fms.example/robots/{robot_id}', ''],
  ['http://10.0.0.1:8080/?id={robot_id}', ''],
  ['https://fms.example/all', ''],
  ['javascript:alert("{robot_id}")', 'http'],
  [' java\tscript:alert(1)', 'http'],
  ['data:text/html,{robot_id}', 'http'],
  ['mailto:{robot_id}@example', 'http'],
  ['//fms.example/{robot_id}', 'http'],
  ['/d/robot?var-robot={robot_id}', 'http'],
  ['fms.example/{robot_id}', 'http'],
  ['{robot_id}', 'http'],
  ['https://{robot_id}', 'server'],
  ['https://{robot_id}.fms.example/', 'server'],
  ['https://fms.example{robot_id}/', 'server'],
  ['https://fms.example:{robot_id}/', 'server'],
  ['https://{site_id}@fms.example/', 'server'],
  ['https:///{robot_id}/x', 'server'],
  ['https://\t/{robot_id}/x', 'server'],
  ['https:///fms.example/{robot_id}', ''],
  ['https://me:secret@fms.example/', 'password'],
  ['https://fms.example/{robot}', '{robot}'],
  ['https://fms.example/{robot_id', 'brace is missing'],
  ['https://', 'not a valid address'],
  ['', 'template'],
])('the template %j: %s', (template, word) => {
  const problem = problemOfTemplate(template);
  if (word === '') expect(problem).toBe('');
  else expect(problem).toContain(word);
});

it('makes no link of a template that it refuses, which provisioning may have written', () => {
  expect(addressOfLink('javascript:alert({robot_id})', ROBOT)).toBeNull();
  expect(addressOfLink('https://{robot_id}/', ROBOT)).toBeNull();
});
