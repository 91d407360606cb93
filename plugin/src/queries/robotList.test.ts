import { HOSTILE } from '@floorwatch/contract/hostile-texts';
import { sqlText } from '@floorwatch/contract/sql-text';
import { readChoice, retiredOf, robotList, wholeSiteOf } from './robotList';

const listOf = (query: string) => robotList(readChoice(new URLSearchParams(query)));

it('is the first page in the order of ids without parameters', () => {
  const sql = listOf('');
  expect(sql).not.toContain('WHERE');
  expect(sql).toContain('ORDER BY robot_id ASC NULLS LAST, robot_id\nLIMIT 50 OFFSET 0');
});

it.each([
  ['site=berlin', 'berlin'],
  ['site=berlin&sort=Battery&page=2', 'berlin'],
  ['site=berlin&zone=a', ''],
  ['site=berlin&status=idle', ''],
  ['site=berlin&search=a', ''],
  ['site=berlin&var-robot=a&var-robot=b', ''],
  ['', ''],
])('knows when the list is a whole site: %s', (address, site) => {
  expect(wholeSiteOf(readChoice(new URLSearchParams(address)))).toBe(site);
});

it('searches, filters, sorts and pages in ClickHouse', () => {
  const sql = listOf('search=+amr-1+&status=error&sort=Battery&order=desc&page=3');
  expect(sql).toContain("positionCaseInsensitiveUTF8(part, 'amr-1')");
  expect(sql).toContain("status = 'error'");
  expect(sql).toContain('ORDER BY battery DESC NULLS LAST, robot_id\nLIMIT 50 OFFSET 100');
});

it('has the groups that the tiles of the Fleet page count', () => {
  expect(listOf('status=online')).toContain("WHERE status NOT IN ('silent', 'offline')");
  expect(listOf('status=not+placed')).toContain("WHERE not_placed_reason != ''");
  expect(listOf('status=low+battery')).toContain('WHERE battery < 20');
});

it('narrows to what the page before it was narrowed to: site, floor, model, zone, and several robots', () => {
  const sql = listOf('status=blocked&site=s-1&map=hall&model=mk+2&zone=z-9&var-robot=r-1&var-robot=r%2F2');
  for (const condition of [
    "status = 'blocked'",
    "site_id = 's-1'",
    "map_id = 'hall'",
    "model = 'mk 2'",
    "zone_id = 'z-9'",
    "robot_id IN ('r-1', 'r/2')",
  ]) {
    expect(sql.slice(sql.indexOf('\nWHERE'))).toContain(condition);
  }
});

it('lists retired robots apart from those in service, with the time since when', () => {
  const sql = listOf('status=retired&search=amr-1&model=mk');
  expect(sql).toContain("FROM warehouse.v_robot_roster\n  WHERE service != 'in service'");
  expect(sql).toContain("'retired' AS status, retired_at AS state_since");
  expect(sql).not.toContain('v_fleet_now');
  expect(sql).not.toContain("status = 'retired'");
  expect(sql).toContain("AND model = 'mk'");
});

it('asks for the retired ones of some robots, whose ids are escaped', () => {
  expect(retiredOf(['r-1', "r'2"])).toContain(`service != 'in service' AND robot_id IN ('r-1', ${sqlText("r'2")})`);
});

it('shows all robots when one is selected, as the tiles of the Fleet page count all then', () => {
  expect(listOf('var-robot=r-1')).not.toContain('WHERE');
  expect(listOf('var-robot=$__all&var-robot=r-1')).not.toContain('WHERE');
});

it.each(['0', '-1', '1.5', 'x', '1e9', 'NaN', '1; DROP TABLE x'])('takes the page %j for the first', (page) => {
  expect(listOf(`page=${encodeURIComponent(page)}`)).toContain('OFFSET 0');
});

it.each(HOSTILE.map(({ why, text }) => [why, text]))('holds %s only as an escaped text', (_, text) => {
  const texts = { search: text, status: text, sort: text, order: text, page: text, zone: text };
  const parameters = new URLSearchParams([...Object.entries(texts), ['var-robot', `r ${text}`], ['var-robot', 'r-1']]);
  const sql = robotList(readChoice(parameters));
  const searched = text.trim();
  const expected = listOf('search=SEARCH&status=STATUS&zone=ZONE&var-robot=ROBOT&var-robot=r-1')
    .replace("'SEARCH'", () => sqlText(searched))
    .replace("'STATUS'", () => sqlText(text))
    .replace("'ZONE'", () => sqlText(text))
    .replace("'ROBOT'", () => sqlText(`r ${text}`));
  expect(sql).toBe(expected);
});
