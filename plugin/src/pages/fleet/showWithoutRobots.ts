import { LoadingState, type PanelData } from '@grafana/data';
import { sceneGraph, type SceneFlexItem, type SceneObject, type VizPanel } from '@grafana/scenes';

/** True when the database has answered that there is no robot; a database that does not answer has not said so. */
export function isWithoutRobots(data: PanelData | undefined): boolean {
  if (data?.state !== LoadingState.Done) return false;
  return data.series[0]?.fields.find(({ name }) => name === 'Robots')?.values[0] === 0;
}

/** Scene behaviour: shows the hint while the counts say that there is no robot. */
export function showWithoutRobots({ hint, counts }: { hint: SceneFlexItem; counts: VizPanel }) {
  return (_: SceneObject): (() => void) => {
    const source = sceneGraph.getData(counts);
    const update = () => {
      const { data } = source.state;
      // A query under way says nothing new: the hint must not blink.
      if (data?.state === LoadingState.Loading) return;
      hint.setState({ isHidden: !isWithoutRobots(data) });
    };
    update();
    const subscription = source.subscribeToState(update);
    return () => subscription.unsubscribe();
  };
}
