{{/* The name of everything that belongs to the operator: the release's, with "operator". */}}
{{- define "kvstore.name" -}}
{{- printf "%s-operator" .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* What selects the operator's pods; a Deployment never changes it. */}}
{{- define "kvstore.selector" -}}
app.kubernetes.io/name: kvstore-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "kvstore.labels" -}}
{{ include "kvstore.selector" . }}
app.kubernetes.io/component: operator
app.kubernetes.io/part-of: kvstore
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{/* An image: a dict of image (repository, tag, digest) and version, for an empty tag. */}}
{{- define "kvstore.image" -}}
{{- if .image.digest -}}
{{ .image.repository }}@{{ .image.digest }}
{{- else -}}
{{ .image.repository }}:{{ .image.tag | default .version }}
{{- end -}}
{{- end -}}
