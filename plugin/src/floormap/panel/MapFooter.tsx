import React from 'react';
import { countStatuses } from '../fleet/describe';
import { PlaybackBar } from '../playback/PlaybackBar';
import type { MapModel } from './useMapModel';
import { Legend } from '../ui/Legend';

/** Narrower, the controls of the playback would take two rows. */
const ROOMY_PX = 760;
/** Lower, the map needs the legend's row. */
const LOW_PX = 160;

interface MapFooterProps {
  model: MapModel;
  /** Of the panel. */
  size: { width: number; height: number };
  timeZone: string;
  isNarrow: boolean;
}

/** Below the map: the controls of a playback, and the legend. */
export function MapFooter({ model, size, timeZone, isNarrow }: MapFooterProps) {
  const { fleet, playback, options } = model;
  return (
    <>
      {playback.isOpen && <PlaybackBar playback={playback} timeZone={timeZone} isNarrow={size.width < ROOMY_PX} />}
      {options.showLegend && size.height >= LOW_PX && (
        <Legend
          counts={countStatuses(fleet, model.placement.isPlaced)}
          fleetCounts={countStatuses(fleet)}
          hidden={model.hidden}
          palette={model.palette}
          hasHeadings={fleet.headingRadians.some((heading) => !Number.isNaN(heading))}
          isNarrow={isNarrow}
          onChange={model.setHidden}
          annotations={{
            count: model.annotationsHere.length,
            areHidden: model.areAnnotationsHidden,
            onHide: model.hideAnnotations,
          }}
        />
      )}
    </>
  );
}
