import React from 'react';
import { css } from '@emotion/css';
import { LoadingState, type GrafanaTheme2, type PanelData } from '@grafana/data';
import { t } from '@grafana/i18n';
import { locationService } from '@grafana/runtime';
import {
  SceneFlexLayout,
  SceneObjectBase,
  type SceneComponentProps,
  type SceneFlexItemLike,
  type SceneObjectState,
} from '@grafana/scenes';
import { Tab, TabsBar, Text, useStyles2 } from '@grafana/ui';
import { changeAddress } from '../../grafana/address';
import { onAddress } from '../../queries/addressRunner';
import { cellOf } from '../../queries/parts';
import { ROBOT_TABS, tabOfAddress, titleOfTab, type RobotTab } from './robotTabs';

/** Whether a robot has a place of now: not one that is retired, nor one that is registered and has not reported yet. */
type RobotNow = 'shown' | 'retired' | 'never reported';

/** @param data the row of `robotSheet` @returns null while what was said holds */
export function nowOf(data: PanelData | undefined): RobotNow | null {
  const frame = data?.series[0];
  // The rows of another robot are not kept: nothing is known yet of the one that the address names now.
  if (data?.state === LoadingState.Loading && !frame?.length) return 'shown';
  if (data?.state !== LoadingState.Done) return null;
  if (cellOf(frame, 'status')) return 'shown';
  return ['in service', undefined].includes(cellOf(frame, 'service') as string | undefined)
    ? 'never reported'
    : 'retired';
}

interface TabbedBodyState extends SceneObjectState {
  tab: RobotTab;
  body: SceneFlexLayout;
  now: RobotNow;
}

/** The tabs, and what the one in the address shows. Only that one exists, so only it asks the database. */
export class TabbedBody extends SceneObjectBase<TabbedBodyState> {
  static readonly Component = Tabbed;
  readonly #contents: Record<RobotTab, () => SceneFlexItemLike[]>;

  constructor(contents: Record<RobotTab, () => SceneFlexItemLike[]>) {
    const tab = tabOfAddress(locationService.getSearch());
    super({ tab, body: layoutOf(contents[tab]), now: 'shown' });
    this.#contents = contents;
    this.addActivationHandler(() => {
      this.#follow();
      return onAddress(() => this.#follow());
    });
  }

  #follow(): void {
    const tab = tabOfAddress(locationService.getSearch());
    if (tab !== this.state.tab) this.setState({ tab, body: layoutOf(this.#contents[tab]) });
  }
}

function layoutOf(contentOf: () => SceneFlexItemLike[]): SceneFlexLayout {
  return new SceneFlexLayout({ direction: 'column', children: contentOf() });
}

function Tabbed({ model }: SceneComponentProps<TabbedBody>) {
  const styles = useStyles2(getStyles);
  const { tab, body, now } = model.useState();
  return (
    <div className={styles.tabbed} data-testid="robot-tabs">
      <TabsBar>
        {ROBOT_TABS.map((one) => (
          <Tab
            key={one}
            label={titleOfTab(one)}
            active={one === tab}
            onChangeTab={(event) => {
              event.preventDefault();
              // What another tab's list has chosen means nothing here.
              changeAddress({ tab: one === 'now' ? null : one, page: null, type: null }, 'new step');
            }}
          />
        ))}
      </TabsBar>
      <div className={styles.content}>
        {tab === 'now' && now !== 'shown' ? (
          <Text color="secondary">
            {now === 'retired'
              ? t('robot.tab.no_now', 'This robot is not on the live map. The other tabs show what it did before.')
              : t('robot.tab.never', 'This robot is not on the live map: it has never reported.')}
          </Text>
        ) : (
          <body.Component key={body.state.key} model={body} />
        )}
      </div>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  tabbed: css({ display: 'flex', flexDirection: 'column', width: '100%', minWidth: 0 }),
  content: css({ display: 'flex', flexGrow: 1, marginTop: theme.spacing(1), minWidth: 0 }),
});
