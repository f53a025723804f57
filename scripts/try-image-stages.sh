#!/usr/bin/env bash
# Does what the stages of the Dockerfile do, without Docker: compiles, installs the libraries of the daemon alone, then
# runs it as a user without rights on a read-only file system, with one folder for its data, against the simulator, and
# asks the image's own health check. Prints how long each step took.
#
#   scripts/try-image-stages.sh     # needs npm's registry; only as root it can change the user and the file system
#   UID_TO_USE=10001 scripts/try-image-stages.sh
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
uid=${UID_TO_USE:-10001}
work=$(mktemp -d /tmp/octopus2mqtt-image.XXXXXX)
simulator= daemon=
trap 'kill $simulator $daemon 2>/dev/null || true; wait 2>/dev/null || true; chmod -R u+w "$work"; rm -rf "$work"' EXIT

now() { date +%s%3N; }
seconds() { awk "BEGIN { printf \"%.1f\", ($(now) - $1) / 1000 }"; }
say() { printf '%-34s %s\n' "$1" "$2"; }
fail() { echo "failed: $1" >&2; for log in "$work"/*.log; do echo "--- $log" >&2; tail -20 "$log" >&2; done; exit 1; }
free_port() { node -e "const s=require('node:net').createServer().listen(0,'127.0.0.1',()=>{console.log(s.address().port);s.close()})"; }

# The image's user: another one where we may change it, else whoever we are.
as_user=()
[ "$(id -u)" = 0 ] && as_user=(setpriv --reuid "$uid" --regid "$uid" --clear-groups --no-new-privs --bounding-set=-all)
# A view of the file system of its own, read-only but for the folder that is given first.
read_only=() how='by permissions alone'
if unshare --mount --propagation private sh -c 'mount -o remount,bind,ro /' 2>/dev/null; then
  read_only=(unshare --mount --propagation private sh -c 'mount --bind "$0" "$0" && mount -o remount,bind,ro / && exec "$@"' "$work/data")
  how='mounted read-only, /tmp too'
fi

cd "$root"
say 'node, npm' "$(node --version), $(npm --version)"

mkdir -p "$work/build" "$work/app" "$work/data"
start=$(now)
cp package.json package-lock.json .npmrc tsconfig.json tsconfig.build.json "$work/build/"
cp -r src "$work/build/src"
(cd "$work/build" && npm ci --loglevel=error >"$work/build.log" 2>&1) || fail 'npm ci (build)'
say 'build: npm ci' "$(seconds "$start") s"
start=$(now)
(cd "$work/build" && node node_modules/typescript/bin/tsc -p tsconfig.build.json --sourceMap false >>"$work/build.log" 2>&1) || fail 'tsc'
(cd "$work/build" && cp -r src/status/assets dist/status/assets)
(cd "$work/build" && chmod +x dist/main.js)
say 'build: tsc' "$(seconds "$start") s"

start=$(now)
cp package.json package-lock.json .npmrc LICENSE "$work/app/"
(cd "$work/app" && npm ci --omit=dev --ignore-scripts --loglevel=error >"$work/libraries.log" 2>&1) || fail 'npm ci (libraries)'
say 'libraries: npm ci --omit=dev' "$(seconds "$start") s"
cp -r "$work/build/dist" "$work/app/dist"
say 'size of node_modules, dist' "$(du -sm "$work/app/node_modules" | cut -f1) MB, $(du -sk "$work/app/dist" | cut -f1) kB"

chmod -R a+rX,a-w "$work/app"
ln -s "$work/app/dist/main.js" "$work/octopus2mqtt"
chmod 755 "$work"
[ ${#as_user[@]} -gt 0 ] && chown "$uid:$uid" "$work/data"

api=$(free_port) status=$(free_port) broker=$(free_port)
cd "$work/app"
node dist/main.js simulate --port "$api" >"$work/simulator.log" 2>&1 &
simulator=$!
for _ in $(seq 100); do grep -q 'rest_url' "$work/simulator.log" && break; sleep 0.1; done
key=$(sed -n 's/^ *api_key: \([^ ]*\).*/\1/p' "$work/simulator.log")
[ -n "$key" ] || fail 'the simulator did not start'

# The environment of the image and of compose.yaml. No broker listens: that is no reason to end, nor to be unhealthy yet.
start=$(now)
env -i PATH="$PATH" HOME=/nonexistent NODE_ENV=production \
  OCTOPUS2MQTT_STATUS_LISTEN="0.0.0.0:$status" OCTOPUS2MQTT_STORAGE_PATH="$work/data/octopus2mqtt.db" \
  OCTOPUS2MQTT_OCTOPUS_API_KEY="$key" OCTOPUS2MQTT_MQTT_URL="mqtt://127.0.0.1:$broker" \
  OCTOPUS2MQTT_OCTOPUS_GRAPHQL_URL="$(sed -n 's/^ *graphql_url: //p' "$work/simulator.log")" \
  OCTOPUS2MQTT_OCTOPUS_BACKEND_GRAPHQL_URL="$(sed -n 's/^ *backend_graphql_url: //p' "$work/simulator.log")" \
  OCTOPUS2MQTT_OCTOPUS_REST_URL="$(sed -n 's/^ *rest_url: //p' "$work/simulator.log")" \
 ${read_only[@]+"${read_only[@]}"} ${as_user[@]+"${as_user[@]}"} "$(command -v node)" dist/main.js >"$work/daemon.log" 2>&1 &
daemon=$!

health() { curl -s --max-time 2 "http://127.0.0.1:$status/health" || true; }
for _ in $(seq 300); do health | grep -q '"status":"ok"' && break; kill -0 $daemon 2>/dev/null || fail 'the daemon ended'; sleep 0.05; done
health | grep -q '"status":"ok"' || fail 'no health within 15 s'
say 'start to the first /health 200' "$(seconds "$start") s"
for _ in $(seq 300); do health | grep -q '"data_age_seconds":[0-9]' && break; sleep 0.05; done
health | grep -q '"data_age_seconds":[0-9]' || fail 'no answer of Octopus within 15 s more'
say 'start to the first dispatch answer' "$(seconds "$start") s"
say 'health' "$(health)"
say 'resident memory' "$(awk '/VmRSS/ { printf "%d MB", $2 / 1024 }' /proc/$daemon/status)"
say 'user of the process' "$(awk '/^Uid/ { print $2 }' /proc/$daemon/status), capabilities $(awk '/^CapEff/ { print $2 }' /proc/$daemon/status)"

# The health check exactly as the Dockerfile has it.
check=$(sed -n 's/^ *CMD \["node", "-e", "\(.*\)"\]$/\1/p' "$root/Dockerfile")
OCTOPUS2MQTT_STATUS_LISTEN="0.0.0.0:$status" node -e "$check" || fail 'the health check of the Dockerfile says unhealthy'
say 'health check of the Dockerfile' 'healthy'
say 'file system' "$how"

if [ ${#as_user[@]} -gt 0 ]; then
  strays=$(find / -xdev \( -path /proc -o -path /sys -o -path "$work/data" \) -prune -o -user "$uid" -print 2>/dev/null | head -5)
  [ -z "$strays" ] || fail "it wrote outside its data folder: $strays"
  say 'files written outside /data' 'none'
fi
say 'octopus2mqtt by its link' "$("$work/octopus2mqtt" --version)"
say 'files in /data' "$(ls "$work/data" | tr '\n' ' ')"

start=$(now)
kill -TERM $daemon
code=0
wait $daemon || code=$?
[ "$code" = 0 ] || fail "SIGTERM ended it with $code"
say 'SIGTERM to the end, exit code' "$(seconds "$start") s, $code"
daemon=
