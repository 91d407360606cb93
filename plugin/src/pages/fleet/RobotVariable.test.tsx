import React from 'react';
import { render, screen } from '@testing-library/react';
import { RobotVariable } from './RobotVariable';

const HOSTILE = 'amr-\u202e7-1';

beforeAll(() => {
  // Grafana's list measures its words, which jsdom cannot.
  HTMLCanvasElement.prototype.getContext = (() => ({ measureText: () => ({ width: 10 }) })) as never;
});

it('escapes direction marks of ids that its list does not have, too', () => {
  const variable = new RobotVariable();
  variable.setState({ value: [HOSTILE], text: [HOSTILE], options: [{ value: 'r-1', label: 'r-1' }] });
  const { container } = render(<RobotVariable.Component model={variable as never} />);
  expect(screen.getByText('amr-\\u{202e}7-1')).toBeInTheDocument();
  expect(container).not.toHaveTextContent('\u202e');
});

it('shows all while the robots cannot be read', () => {
  const variable = new RobotVariable();
  variable.setState({ value: '', text: '', options: [] });
  render(<RobotVariable.Component model={variable as never} />);
  expect(screen.getByText('All')).toBeInTheDocument();
});
