import React, { useEffect, useRef, useState } from 'react';
import { t } from '@grafana/i18n';
import { Input } from '@grafana/ui';

interface FindBoxProps {
  /** In Grafana's units of 8 px. */
  width: number;
  /** Goes to the robot that the text means; false when there is none. */
  onFind: (typed: string) => boolean;
  onClose: () => void;
}

/** Takes a robot's id, or a part of it. Enter goes there, Escape goes back to the map. */
export function FindBox({ width, onFind, onClose }: FindBoxProps) {
  const input = useRef<HTMLInputElement>(null);
  const [isUnknown, setUnknown] = useState(false);
  useEffect(() => input.current?.focus(), []);
  return (
    <Input
      ref={input}
      width={width}
      placeholder={t('map.find.id', 'Robot id')}
      aria-label={t('map.find.id', 'Robot id')}
      data-testid="floormap-find"
      invalid={isUnknown}
      suffix={isUnknown ? <span role="alert">{t('map.find.none', 'none')}</span> : undefined}
      onChange={() => setUnknown(false)}
      onKeyDown={(event) => {
        // The map, and Grafana's own shortcuts, must not take what is typed.
        event.stopPropagation();
        if (event.key === 'Escape') onClose();
        if (event.key === 'Enter') setUnknown(!onFind(event.currentTarget.value));
      }}
    />
  );
}
