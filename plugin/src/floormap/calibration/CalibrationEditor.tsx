import React, { useMemo, useState } from 'react';
import type { StandardEditorProps } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button } from '@grafana/ui';
import { completeOptions, type FloorMapOptions } from '../options/options';
import { readFleet } from '../fleet/readFleet';
import { isRosMap } from '../plan/loadUrl';
import { CalibrationDialog } from './CalibrationDialog';
import type { ImagePlacement } from '../plan/planOptions';

type Props = StandardEditorProps<ImagePlacement, unknown, FloorMapOptions>;

/** Opens the calibration of the plan image, and keeps its result in the panel's options: numbers, never the image. */
export function CalibrationEditor({ onChange, context }: Props) {
  const [isOpen, setOpen] = useState(false);
  const { data } = context;
  const options = useMemo(() => completeOptions(context.options), [context.options]);
  const { planUrl, planPlacement: placement } = options;
  const fleet = useMemo(() => {
    const { fields, headingInDegrees, silentAfterSeconds } = options;
    return readFleet(data, { mapping: fields, headingInDegrees, silentAfterSeconds, nowMs: 0 }).fleet;
  }, [data, options]);

  if (planUrl === '') {
    return <span>{t('map.calibration.no_image', 'Enter the address of an image first.')}</span>;
  }
  if (isRosMap(planUrl)) {
    return <span>{t('map.calibration.ros', 'The ROS map brings its own resolution, origin and yaw.')}</span>;
  }
  return (
    <>
      <Button variant="secondary" icon="crosshair" onClick={() => setOpen(true)}>
        {placement.points.length > 0
          ? t('map.calibration.done', 'Calibrated by {{points}} points', { points: placement.points.length })
          : t('map.calibration.start', 'Calibrate on the image')}
      </Button>
      {isOpen && (
        <CalibrationDialog
          planUrl={planUrl}
          fleet={fleet}
          placement={placement}
          onApply={(fitted) => {
            onChange(fitted);
            setOpen(false);
          }}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
