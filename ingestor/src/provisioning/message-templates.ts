/** Alerts that a notification lists; the others are counted. */
const LISTED_ALERTS = 5;

const TITLE = `{{ define "floorwatch.title" -}}
{{ if .Alerts.Firing }}{{ with index .Alerts.Firing 0 }}{{ .Labels.severity | toUpper }}: {{ .Annotations.detail }}{{ end }}{{ if gt (len .Alerts.Firing) 1 }} ({{ len .Alerts.Firing }} alerts){{ end }}
{{- else }}{{ with index .Alerts.Resolved 0 }}RESOLVED: {{ .Labels.alertname }}{{ end }}{{ if gt (len .Alerts.Resolved) 1 }} ({{ len .Alerts.Resolved }} alerts){{ end }}{{ end }}
{{- end }}`;

// A page that all alerts have is there once, and otherwise each alert has its own.
// Grafana repeats what was resolved in the last minutes. What ended before the firing alerts began was told before.
const MESSAGE = `{{ define "floorwatch.message" -}}
{{ $page := .CommonAnnotations.page_url }}{{ range $i, $alert := .Alerts.Firing }}{{ if lt $i ${LISTED_ALERTS} }}{{ .Annotations.detail }} Since {{ .StartsAt.UTC.Format "2 Jan 15:04" }} UTC.
{{ if not $page }}Page: {{ .Annotations.page_url }}
{{ end }}{{ end }}{{ end }}{{ if gt (len .Alerts.Firing) ${LISTED_ALERTS} }}In total {{ len .Alerts.Firing }} alerts.
{{ end }}{{ with .Alerts.Firing }}{{ with index . 0 }}
{{ .Annotations.description }}
{{ with .Labels.remedy }}Remedy: {{ . }}
{{ end }}Runbook: {{ .Annotations.runbook_url }}
{{ with $page }}Page: {{ . }}
{{ end }}{{ end }}{{ end }}{{ $firing := .Alerts.Firing }}{{ range $i, $alert := .Alerts.Resolved }}{{ if lt $i ${LISTED_ALERTS} }}{{ $isNew := not $firing }}{{ range $firing }}{{ if $alert.EndsAt.After .StartsAt }}{{ $isNew = true }}{{ end }}{{ end }}{{ if $isNew }}Resolved {{ .EndsAt.UTC.Format "2 Jan 15:04" }} UTC: {{ .Annotations.detail }}
{{ end }}{{ end }}{{ end }}
{{- end }}`;

/** What notifications say, in every contact point. */
export const MESSAGE_TEMPLATES = [
  { name: 'floorwatch.title', template: TITLE },
  { name: 'floorwatch.message', template: MESSAGE },
] as const;
