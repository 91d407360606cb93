import React from 'react';
import { render, screen } from '@testing-library/react';
import { MemoryRouter } from 'react-router-dom';
import { MissingDataSource } from './MissingDataSource';

jest.mock('@grafana/runtime', () => ({
  ...jest.requireActual<object>('@grafana/runtime'),
  getDataSourceSrv: () => ({ getInstanceSettings: () => undefined }),
}));

it('says in an organisation without our data sources how to add or to choose one', () => {
  render(
    <MemoryRouter>
      <MissingDataSource />
    </MemoryRouter>
  );
  expect(screen.getByText('Floorwatch cannot find its ClickHouse data source')).toBeInTheDocument();
  const [choose] = screen.getAllByRole('link', { name: 'choose a data source' });
  expect(choose).toHaveAttribute('href', '/plugins/floorwatch-fleet-app?page=setup');
  expect(choose?.closest('[role="alert"], [data-testid]')).toHaveTextContent(
    'give it that uid. Or choose a data source of this organisation in the configuration of the plugin.'
  );
});
