import React from 'react';
import { Card, Stack } from '@grafana/ui';
import { RUNBOOKS_URL } from '../../grafana/identifiers';
import { runbooks } from './runbooks';

export function RunbookList() {
  return (
    <Stack direction="column" gap={1}>
      {runbooks().map(({ slug, title, when }) => (
        <Card key={slug} href={`${RUNBOOKS_URL}/${slug}`} noMargin>
          <Card.Heading>{title}</Card.Heading>
          <Card.Description>{when}</Card.Description>
        </Card>
      ))}
    </Stack>
  );
}
