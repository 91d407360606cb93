import React from 'react';
import { t } from '@grafana/i18n';
import { Text } from '@grafana/ui';

const OFFLINE_COMMAND = 'npm run -s ingestor -- robots settings --offline-after-hours 24';

/**
 * Limits that the views of the database own, so that alerts, dashboards and pages have the same. They are shown here and changed there:
 * a second copy would differ one day.
 */
export function Limits() {
  return (
    <div data-testid="setup-limits">
      <Text color="secondary">
        {t('setup.limits.what', 'The database has the other limits, because alerts and dashboards use them too:')}
      </Text>
      <dl>
        <dt>{t('setup.limits.silent', 'Silent')}</dt>
        <dd>{t('setup.limits.silent_what', 'No report for more than 60 s. Fixed.')}</dd>
        <dt>{t('setup.limits.offline', 'Offline')}</dt>
        <dd>
          {t(
            'setup.limits.offline_what',
            'Silent for more than 24 hours, unless this command changed it. Without the last two words, it shows the value:'
          )}
          <br />
          <code>{OFFLINE_COMMAND}</code>
        </dd>
        <dt>{t('setup.limits.battery', 'Alert: low battery')}</dt>
        <dd>{t('setup.limits.battery_what', 'Below 10 % for 30 s and not charging. Fixed.')}</dd>
        <dt>{t('setup.limits.clock', 'Wrong clock')}</dt>
        <dd>{t('setup.limits.clock_what', 'More than 60 s off. Fixed.')}</dd>
      </dl>
    </div>
  );
}
