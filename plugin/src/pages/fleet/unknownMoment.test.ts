import { getDefaultTimeRange, LoadingState, toDataFrame, type PanelData } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { SceneDataNode, SceneDataTransformer, SceneFlexItem, SceneQueryRunner, VizPanel } from '@grafana/scenes';
import { knowledgeOf, sayWhenUnknown } from './unknownMoment';

const answer = (robots: number, isKnown: number | undefined, state = LoadingState.Done): PanelData => ({
  state,
  timeRange: getDefaultTimeRange(),
  series: [
    toDataFrame({
      fields: [
        { name: 'robots', values: [robots] },
        ...(isKnown === undefined ? [] : [{ name: 'is_known', values: [isKnown] }]),
      ],
    }),
  ],
});

it.each([
  ['a fleet of now', answer(3, 1), 'known'],
  ['an empty fleet of now', answer(0, 1), 'known'],
  ['a moment whose events are deleted', answer(3, 0), 'deleted'],
  ['a moment before the first event', answer(0, 0), 'nobody reported'],
  ['a query under way', answer(3, 0, LoadingState.Loading), null],
  ['a database that does not answer', answer(3, 0, LoadingState.Error), null],
])('knows of %s: %s', (_, data, expected) => {
  expect(knowledgeOf(data, false)).toBe(expected);
});

it('does not say that no robot reported when only selected ones were asked for', () => {
  expect(knowledgeOf(answer(0, 0), true)).toBe('none of these');
  expect(knowledgeOf(answer(2, 0), true)).toBe('deleted');
  locationService.push('/a/fleet?var-robot=amr-8&var-robot=amr-9');
  const item = new SceneFlexItem({ body: new VizPanel({ title: 'Needs attention' }) });
  sayWhenUnknown(new SceneDataNode({ data: answer(0, 0) }))(item);
  expect((item.state.body as VizPanel<{ content?: string }>).state.options.content).toMatch(
    /^No robot that is selected and matches the filters was in the fleet at this moment/
  );
  locationService.push('/a/fleet');
});

it('brings a list back without its old answer, which would read as "all is well" until the new one is there', () => {
  const counts = new SceneDataNode({ data: answer(3, 1) });
  const runner = new SceneQueryRunner({ queries: [], data: answer(0, 1), _hasFetchedData: true });
  const $data = new SceneDataTransformer({ $data: runner, transformations: [], data: answer(0, 1) });
  const item = new SceneFlexItem({ body: new VizPanel({ $data }) });
  sayWhenUnknown(counts)(item);
  expect($data.state.data).toBeDefined();
  counts.setState({ data: answer(0, 0) });
  counts.setState({ data: answer(3, 1) });
  expect($data.state.data).toBeUndefined();
  expect(runner.state.data).toBeUndefined();
  expect($data.isDataReadyToDisplay()).toBe(false);
});

it('puts a text in the place of a list that would read as "all is well", until a moment is known again', () => {
  const counts = new SceneDataNode({ data: answer(3, 1) });
  const panel = new VizPanel({ title: 'Needs attention' });
  const item = new SceneFlexItem({ body: panel });
  const stop = sayWhenUnknown(counts)(item);
  const shown = () => item.state.body as VizPanel<{ content?: string }>;
  expect(shown()).toBe(panel);
  counts.setState({ data: answer(3, 0) });
  expect(shown().state).toMatchObject({ title: 'Needs attention', pluginId: 'text' });
  expect(shown().state.options.content).toMatch(/^The data of this moment is no longer kept/);
  counts.setState({ data: answer(3, 1, LoadingState.Loading) });
  expect(shown()).not.toBe(panel);
  counts.setState({ data: answer(0, 0) });
  expect(shown().state.options.content).toMatch(/^Nothing is known of this moment/);
  counts.setState({ data: answer(3, 1) });
  expect(shown()).toBe(panel);
  counts.setState({ data: answer(3, 0) });
  stop();
  expect(shown()).toBe(panel);
});
