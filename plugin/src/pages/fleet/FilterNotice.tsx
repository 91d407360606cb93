import React from 'react';
import { LoadingState } from '@grafana/data';
import { t } from '@grafana/i18n';
import {
  sceneGraph,
  SceneObjectBase,
  type SceneComponentProps,
  type SceneDataProvider,
  type SceneObjectState,
} from '@grafana/scenes';
import { Icon } from '@grafana/ui';
import { useWholeAddress } from '../../grafana/address';
import { isFiltered, readFilters } from '../../queries/pageFilters';
import { cellOf } from '../../queries/parts';
import { RemoveFilters } from '../filters/FilterBar';
import { momentOf } from './momentRunner';
import { Notice } from './Notice';

interface FilterNoticeState extends SceneObjectState {
  counts: SceneDataProvider;
}

/** Over the page while it is filtered: what the filters narrow, and what they do not. */
export class FilterNotice extends SceneObjectBase<FilterNoticeState> {
  static readonly Component = Shown;
}

function Shown({ model }: SceneComponentProps<FilterNotice>) {
  const { data } = model.useState().counts.useState();
  const endedMs = momentOf(sceneGraph.getTimeRange(model).useState().value);
  const filters = readFilters(useWholeAddress());
  if (!isFiltered(filters)) return null;
  const leavesOutSilent = !Number.isNaN(endedMs) && (filters.map !== '' || filters.zone !== '');
  const isEmpty = data?.state === LoadingState.Done && Number(cellOf(data.series[0], 'robots') ?? 0) === 0;
  return (
    <Notice testId="filter-notice">
      <Icon name="filter" size="lg" />
      <span>
        <strong>
          {isEmpty
            ? t('robots.none_filters', 'No robot matches these filters')
            : t('fleet.filters.title', 'The page is filtered.')}
        </strong>{' '}
        {t(
          'fleet.filters.what',
          'Tiles, map, "Needs attention", state shares and batteries show the robots that match. Curves, and figures over the time range, show the past of these robots, wherever they were. Playback and pipeline show all robots.'
        )}{' '}
        {leavesOutSilent &&
          t(
            'fleet.filters.silent',
            'Robots that had not reported for 15 minutes at this moment are on no floor and in no zone: they do not match.'
          )}
      </span>
      <RemoveFilters />
    </Notice>
  );
}
