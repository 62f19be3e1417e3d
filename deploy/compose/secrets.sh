#!/bin/sh
# Print a .env for compose.yaml, with new secrets: sh secrets.sh comments.example > .env
# Keep it: without EMAIL_KEYS nobody can read the stored addresses.
set -eu
umask 077
random() { openssl rand -base64 "$1" | tr -d '\n' | tr '+/' '-_'; }
cat <<END
HOST=${1:?Say under which host name readers reach it: sh secrets.sh comments.example}
SECRET_KEY=$(random 48)
EMAIL_KEYS=$(random 32)
POSTGRES_PASSWORD=$(openssl rand -hex 24)
METRICS_TOKEN=$(openssl rand -hex 24)
# smtp+tls://USER:PASSWORD@mail.example:587
EMAIL_URL=
DEFAULT_FROM_EMAIL=
END
