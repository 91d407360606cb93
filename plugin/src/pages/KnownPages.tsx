import React, { type ReactNode } from 'react';
import { t } from '@grafana/i18n';
import { PluginPage } from '@grafana/runtime';
import { TextLink } from '@grafana/ui';
import { matchPath, Navigate, useLocation } from 'react-router-dom';
import { APP_URL, FLEET_URL } from '../grafana/identifiers';

interface KnownPagesProps {
  /** Of all pages, below the address of the app. */
  routePaths: readonly string[];
  children: ReactNode;
}

/** The pages; the address of the app itself leads to the fleet, and one that no page has says so. */
export function KnownPages({ routePaths, children }: KnownPagesProps) {
  const { pathname, search } = useLocation();
  if (matchPath(APP_URL, pathname)) return <Navigate replace to={{ pathname: FLEET_URL, search }} />;
  if (routePaths.some((path) => matchPath(`${APP_URL}/${path}`, pathname))) return <>{children}</>;
  return (
    <PluginPage pageNav={{ text: t('pages.unknown.title', 'No such page') }}>
      <p>{t('pages.unknown.what', 'Floorwatch has no page at this address.')}</p>
      <TextLink href={FLEET_URL}>{t('pages.unknown.fleet', 'Open the fleet')}</TextLink>
    </PluginPage>
  );
}
