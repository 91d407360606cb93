// Jest setup provided by Grafana scaffolding
import './.config/jest-setup';

// jsdom lays nothing out, so there is no size to observe.
global.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
