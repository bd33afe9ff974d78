#!/usr/bin/env bash
# Ask with curl: the answer, then the quotes it rests on.
set -euo pipefail
base="${ROLEBOOK_URL:-http://127.0.0.1:8000}"
question="${1:-Which roles own drift monitoring?}"
curl --silent --show-error --fail-with-body --get "$base/v1/ask" \
    ${ROLEBOOK_KEY:+--header "Authorization: Bearer $ROLEBOOK_KEY"} \
    --data-urlencode "question=$question"
