import { t } from '@grafana/i18n';

/** What `getBackendSrv` throws: the answer of Grafana, or the error of the browser when there was none. */
interface Failure {
  data?: { message?: string };
  statusText?: string;
  message?: string;
}

/** Why Grafana refused a request, or the best that is known of a failure. */
export function wordsOf(error: unknown): string {
  const { data, statusText, message } = error as Failure;
  return data?.message ?? message ?? statusText ?? 'no answer';
}

/** Why Grafana refused a request about settings; without a reason of its own, that it does not answer. */
export function answerOf(error: unknown): string {
  return (error as Failure).data?.message ?? t('setup.save.no_answer', 'Grafana does not answer');
}
