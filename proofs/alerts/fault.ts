import type { Random } from '@floorwatch/demo/fleet/random';
import type { AlertFleet } from './fleet.ts';
import type { AlertStack } from './stack.ts';

/** What a fault works on. */
export interface Target {
  stack: AlertStack;
  fleet: AlertFleet;
  random: Random;
}

/** A fault that is switched on. */
export interface Injected {
  /** Texts that the notification must contain. */
  names: readonly string[];
  /** If it is not `holdsAfterSeconds`: when the rule's condition holds. */
  holdsMs?: number;
  fix: () => Promise<void>;
}

export interface Fault {
  name: string;
  /** Title of the rule that must page. Null: nobody must be paged. */
  expects: string | null;
  /** From the fault until the rule's condition holds. */
  holdsAfterSeconds: number;
  /** What the fault needs, before it begins. @returns what takes that away afterwards */
  prepare?: (target: Target) => Promise<() => Promise<void>>;
  inject: (target: Target) => Promise<Injected> | Injected;
}
