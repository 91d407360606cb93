import { addressOfTile } from './KpiTiles';

const HERE = new URLSearchParams(
  'from=now-6h&to=now&refresh=5s&var-robot=a&var-robot=b&site=s&map=hall&playback=1767322800000'
);

it.each([
  ['the robots that it counts', { robots: 'online' }, 'robots', '&status=online'],
  ['the tasks', 'tasks', 'tasks', ''],
  ['the pipeline', 'pipeline', 'pipeline', ''],
] as const)(
  'leads to %s with range, selection and filters, and without the playback that the tile does not show',
  (...row) => {
    const [, leadsTo, page, more] = row;
    expect(addressOfTile({ leadsTo: leadsTo as never }, HERE)).toBe(
      `/a/floorwatch-fleet-app/${page}?from=now-6h&to=now&var-robot=a&var-robot=b&site=s&map=hall${more}`
    );
  }
);
