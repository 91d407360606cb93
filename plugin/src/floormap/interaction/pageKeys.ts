import { useEffect, useRef, type RefObject } from 'react';

interface PageMap {
  element: HTMLElement;
  find: () => void;
}

/** The maps on this page. One listener serves them all, so that a key opens one find box. */
const maps = new Set<PageMap>();
/** The map that was pointed at or focused last. */
let lastUsed: PageMap | null = null;

/** Where letters are typed, or where a dialog or a menu has the keys. */
const OTHERS_KEYS =
  'input, textarea, select, [contenteditable]:not([contenteditable="false"]), [role="textbox"], [role="combobox"], [role="dialog"], [role="menu"], [role="listbox"]';

/**
 * Slash finds a robot wherever the page has the focus. Of several maps, the one that was used last takes it, else the first one
 * in the window. `?` outside of the map is Grafana's own.
 */
export function usePageKeys(host: RefObject<HTMLElement | null>, find: () => void): void {
  const latest = useRef(find);
  useEffect(() => {
    latest.current = find;
  });
  useEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    const map = { element, find: () => latest.current() };
    const use = () => {
      lastUsed = map;
    };
    if (maps.size === 0) document.addEventListener('keydown', takeKey);
    maps.add(map);
    element.addEventListener('pointerdown', use);
    element.addEventListener('focusin', use);
    return () => {
      element.removeEventListener('pointerdown', use);
      element.removeEventListener('focusin', use);
      maps.delete(map);
      if (lastUsed === map) lastUsed = null;
      if (maps.size === 0) document.removeEventListener('keydown', takeKey);
    };
  }, [host]);
}

function takeKey(event: KeyboardEvent): void {
  if (event.key !== '/' || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target instanceof Element && event.target.closest(OTHERS_KEYS)) return;
  // Under a dialog, the rest of the page is hidden from the keyboard.
  const reachable = [...maps].filter(({ element }) => !element.closest('[aria-hidden="true"], [inert]'));
  const map = reachable.find((one) => one === lastUsed) ?? reachable.sort(byPlace).find(isInWindow) ?? reachable[0];
  if (!map) return;
  map.find();
  // The letter must not land in the box that it opens.
  event.preventDefault();
}

function byPlace(a: PageMap, b: PageMap): number {
  return a.element.compareDocumentPosition(b.element) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1;
}

function isInWindow({ element }: PageMap): boolean {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < window.innerHeight;
}
