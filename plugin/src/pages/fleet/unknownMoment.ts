import { LoadingState, type PanelData } from '@grafana/data';
import { t } from '@grafana/i18n';
import {
  PanelBuilders,
  type SceneDataProvider,
  type SceneFlexItem,
  type SceneObject,
  type VizPanel,
} from '@grafana/scenes';

/** What the counts say of a moment: known, or why not. Null while the database has not said. */
type Knowledge = 'known' | 'deleted' | 'nobody reported';

/** @param data the row of `kpiCounts` */
export function knowledgeOf(data: PanelData | undefined): Knowledge | null {
  if (data?.state !== LoadingState.Done) return null;
  const cell = (wanted: string): unknown => data.series[0]?.fields.find(({ name }) => name === wanted)?.values[0];
  if (cell('is_known') === undefined || Number(cell('is_known')) !== 0) return 'known';
  return Number(cell('robots')) > 0 ? 'deleted' : 'nobody reported';
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
      const knowledge = knowledgeOf(counts.state.data);
      // A query under way says nothing new: the text must not blink.
      if (knowledge === null || knowledge === shown) return;
      shown = knowledge;
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

function textPanel(title: string, knowledge: Knowledge): VizPanel {
  const text =
    knowledge === 'deleted'
      ? t(
          'fleet.unknown.deleted',
          'The data of this moment is no longer kept: the events are deleted. Which robots needed help, and their batteries, is not known.'
        )
      : t(
          'fleet.unknown.nobody',
          'Nothing is known of this moment: no robot reported in the 24 hours before, or the data is no longer kept.'
        );
  return PanelBuilders.text().setTitle(title).setOption('content', text).build();
}
