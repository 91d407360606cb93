import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SECRETS, VARIABLES } from '@floorwatch/ingestor/config/variables';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { readCompose, readText, REPOSITORY } from './compose-file.ts';

interface Container {
  image: string;
  args: string[];
  env?: { name: string }[];
  ports?: { name: string; containerPort: number }[];
}

interface Manifest {
  kind: string;
  metadata: { name: string };
  data?: Record<string, string>;
  spec: {
    template: { spec: { containers: Container[] } };
    selector: { matchLabels: Record<string, string> };
    scaleTargetRef: { name: string };
    triggers: { metadata: { consumerGroup: string; topic: string } }[];
  };
}

const FOLDER = 'deploy/kubernetes';
const manifests = readdirSync(join(REPOSITORY, FOLDER))
  .filter((file) => file.endsWith('.yaml'))
  .flatMap((file) => parseAllDocuments(readText(`${FOLDER}/${file}`)).map((document) => document.toJS() as Manifest));
const ofKind = (kind: string) => manifests.filter((manifest) => manifest.kind === kind);
const containers = [...ofKind('Deployment'), ...ofKind('Job')].flatMap(({ spec }) => spec.template.spec.containers);
const config = ofKind('ConfigMap')[0]?.data ?? {};

describe('deploy/kubernetes', () => {
  it('passes only variables that the ingestor reads', () => {
    const read = [...Object.keys(VARIABLES), ...[...SECRETS].map((name) => `${name}_FILE`)];
    const passed = [...Object.keys(config), ...containers.flatMap(({ env = [] }) => env.map(({ name }) => name))];
    const proposed = [...readText(`${FOLDER}/ingestor.yaml`).matchAll(/^ {2}# ([A-Z_]+): /gm)].map(([, name]) => name);
    expect(passed.length).toBeGreaterThan(8);
    expect(proposed.length).toBeGreaterThan(5);
    expect(read).toEqual(expect.arrayContaining([...passed, ...proposed]));
  });

  it('runs the image that compose builds, with the port that it listens on', () => {
    const image = readCompose().services['ingestor']?.image;
    for (const container of containers) expect(container.image).toBe(image);
    const ports = containers.flatMap(({ ports: named = [] }) =>
      named.map(({ containerPort }) => String(containerPort))
    );
    expect(ports).toEqual([VARIABLES.HTTP_PORT.def.defaultValue]);
  });

  it('scales the ingestor deployment by the lag of its consumer group and topic', () => {
    const [scaled] = ofKind('ScaledObject');
    expect(scaled?.spec.scaleTargetRef.name).toBe(ofKind('Deployment')[0]?.metadata.name);
    expect(scaled?.spec.triggers.map(({ metadata }) => [metadata.consumerGroup, metadata.topic])).toEqual([
      [config['KAFKA_GROUP_ID'], config['KAFKA_TOPIC']],
    ]);
  });

  it('the disruption budget selects the pods of the deployment', () => {
    const selected = [...ofKind('Deployment'), ...ofKind('PodDisruptionBudget')].map(({ spec }) => spec.selector);
    expect(selected).toHaveLength(2);
    expect(selected[0]).toEqual(selected[1]);
  });
});
