import React from 'react';
import { render, screen } from '@testing-library/react';
import { MemoryRouter, useLocation } from 'react-router-dom';
import { KnownPages } from './KnownPages';

jest.mock('@grafana/runtime', () => ({
  ...jest.requireActual<object>('@grafana/runtime'),
  PluginPage: ({ pageNav, children }: { pageNav: { text: string }; children: React.ReactNode }) => (
    <main>
      <h1>{pageNav.text}</h1>
      {children}
    </main>
  ),
}));

function Address() {
  const { pathname, search } = useLocation();
  return <output>{pathname + search}</output>;
}

const open = (address: string) =>
  render(
    <MemoryRouter initialEntries={[address]}>
      <KnownPages routePaths={['fleet', 'runbooks/*']}>
        <Address />
      </KnownPages>
    </MemoryRouter>
  );

it.each([
  ['/a/floorwatch-fleet-app', '/a/floorwatch-fleet-app/fleet'],
  ['/a/floorwatch-fleet-app/', '/a/floorwatch-fleet-app/fleet'],
  ['/a/floorwatch-fleet-app/?from=now-2h&to=now', '/a/floorwatch-fleet-app/fleet?from=now-2h&to=now'],
  ['/a/floorwatch-fleet-app/fleet/', '/a/floorwatch-fleet-app/fleet/'],
  ['/a/floorwatch-fleet-app/runbooks/flow', '/a/floorwatch-fleet-app/runbooks/flow'],
])('opens a page at %s', (address, opened) => {
  open(address);
  expect(screen.getByRole('status')).toHaveTextContent(opened);
});

it.each(['/a/floorwatch-fleet-app/nope', '/a/floorwatch-fleet-app/fleet/nope'])(
  'says that %s is no page',
  (address) => {
    open(address);
    expect(screen.getByRole('heading')).toHaveTextContent('No such page');
    expect(screen.getByRole('link')).toHaveAttribute('href', '/a/floorwatch-fleet-app/fleet');
  }
);
