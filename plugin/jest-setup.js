// Jest setup provided by Grafana scaffolding
import './.config/jest-setup';

// jsdom's signals have none.
AbortSignal.prototype.throwIfAborted ??= function () {
  if (this.aborted) throw this.reason;
};

// jsdom lays nothing out, so there is no size to observe.
global.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};

// jsdom has none, and Grafana's scenes make one as soon as they are loaded.
global.IntersectionObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
