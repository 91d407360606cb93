import React from 'react';
import { t } from '@grafana/i18n';
import { EmbeddedScene, SceneAppPage, SceneFlexItem, SceneFlexLayout, SceneReactObject } from '@grafana/scenes';
import { RUNBOOKS_URL } from '../../grafana/identifiers';
import { RunbookList } from './RunbookList';
import { RunbookText } from './RunbookText';
import { findRunbook } from './runbooks';

function textScene(reactNode: React.ReactNode): EmbeddedScene {
  return new EmbeddedScene({
    body: new SceneFlexLayout({
      direction: 'column',
      children: [new SceneFlexItem({ ySizing: 'content', body: new SceneReactObject({ reactNode }) })],
    }),
  });
}

/** What to do when an alert rule fires: one page a rule, at /runbooks/<rule>. */
export function runbooksPage(): SceneAppPage {
  return new SceneAppPage({
    title: t('pages.runbooks.title', 'Runbooks'),
    subTitle: t('pages.runbooks.subtitle', 'What to do when an alert fires.'),
    url: RUNBOOKS_URL,
    routePath: 'runbooks/*',
    getScene: () => textScene(<RunbookList />),
    drilldowns: [
      {
        routePath: ':rule/*',
        getPage: ({ params }, parent) => {
          const rule = String(params.rule ?? '');
          return new SceneAppPage({
            title: findRunbook(rule)?.title ?? t('runbooks.one', 'Runbook'),
            subTitle: findRunbook(rule)?.when ?? '',
            url: `${RUNBOOKS_URL}/${encodeURIComponent(rule)}`,
            routePath: `${rule}/*`,
            getParentPage: () => parent,
            getScene: () => textScene(<RunbookText rule={rule} />),
          });
        },
      },
    ],
  });
}
