import { LoadingState, type PanelData } from '@grafana/data';
import { t } from '@grafana/i18n';
import { locationService } from '@grafana/runtime';
import {
  PanelBuilders,
  SceneDataTransformer,
  SceneQueryRunner,
  type SceneDataProvider,
  type SceneFlexItem,
  type SceneObject,
  type VizPanel,
} from '@grafana/scenes';
import { isNarrowed, readNarrowing } from '../../queries/narrowing';
import { cellOf } from '../../queries/parts';

/** What the counts say of a moment: known, or why not. Null while the database has not said. */
type Knowledge = 'known' | 'deleted' | 'nobody reported' | 'none of these';

/** @param data the row of `kpiCounts` @param isPart whether it counts selected or filtered robots only */
export function knowledgeOf(data: PanelData | undefined, isPart: boolean): Knowledge | null {
  if (data?.state !== LoadingState.Done) return null;
  const [frame] = data.series;
  const isKnown = cellOf(frame, 'is_known');
  if (isKnown === undefined || Number(isKnown) !== 0) return 'known';
  if (Number(cellOf(frame, 'robots')) > 0) return 'deleted';
  return isPart ? 'none of these' : 'nobody reported';
}

/**
 * Scene behaviour of an item with a panel of single robots: at a moment of which nothing is known, a text stands in the place of the
 * panel. An empty list would be read as "all is well".
 */
export function sayWhenUnknown(counts: SceneDataProvider) {
  return (owner: SceneObject): (() => void) => {
    const item = owner as SceneFlexItem;
    const panel = item.state.body as VizPanel;
    let shown: Knowledge = 'known';
    const update = () => {
      const isPart = isNarrowed(readNarrowing(locationService.getSearch()));
      const knowledge = knowledgeOf(counts.state.data, isPart);
      // A query under way says nothing new: the text must not blink.
      if (knowledge === null || knowledge === shown) return;
      shown = knowledge;
      if (knowledge === 'known') forgetAnswer(panel);
      item.setState({ body: knowledge === 'known' ? panel : textPanel(panel.state.title, knowledge) });
    };
    update();
    const subscription = counts.subscribeToState(update);
    return () => {
      subscription.unsubscribe();
      item.setState({ body: panel });
    };
  };
}

/** What the panel last read may be of the unknown moment: an empty list, until its own query is answered. */
function forgetAnswer({ state: { $data } }: VizPanel): void {
  if (!($data instanceof SceneDataTransformer) || !($data.state.$data instanceof SceneQueryRunner)) return;
  // Without data fetched, Grafana draws no panel's content, not even its text for no rows.
  $data.state.$data.setState({ data: undefined, _hasFetchedData: false });
  $data.setState({ data: undefined });
}

function textPanel(title: string, knowledge: Exclude<Knowledge, 'known'>): VizPanel {
  return PanelBuilders.text().setTitle(title).setOption('content', textOf(knowledge)).build();
}

function textOf(knowledge: Exclude<Knowledge, 'known'>): string {
  switch (knowledge) {
    case 'deleted':
      return t(
        'fleet.unknown.deleted',
        'The data of this moment is no longer kept: the events are deleted. Which robots needed help, and their batteries, is not known.'
      );
    case 'none of these':
      return t(
        'fleet.unknown.selected',
        'No robot that is selected and matches the filters was in the fleet at this moment, or the data is no longer kept.'
      );
    case 'nobody reported':
      return t(
        'fleet.unknown.nobody',
        'Nothing is known of this moment: no robot in service reported in the 24 hours before, or the data is no longer kept.'
      );
  }
}
