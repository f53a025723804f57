# syntax=docker/dockerfile:1
# Built with: docker build -t octopus2mqtt .

# --- Compile. The result is plain JavaScript, so this stage runs on the builder's own platform. -----------------------
FROM --platform=$BUILDPLATFORM node:lts-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN node node_modules/typescript/bin/tsc -p tsconfig.build.json --sourceMap false
# The status page's files are served as they are.
RUN cp -r src/status/assets dist/status/assets
RUN chmod +x dist/main.js

# --- Libraries of the daemon alone, for the image's platform. None is compiled: SQLite comes prebuilt, for musl too. --
FROM node:lts-alpine AS libraries
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts
# npm installs SQLite for both C libraries. Alpine has no glibc: 10 MB of nothing.
RUN rm -rf node_modules/@libsql/linux-*-gnu*

# --- The image. --------------------------------------------------------------------------------------------------------
FROM node:lts-alpine

LABEL org.opencontainers.image.title="octopus2mqtt" \
      org.opencontainers.image.description="Octopus Energy (UK) to MQTT: smart-charge dispatches, the cheap rate and meter readings" \
      org.opencontainers.image.source="https://github.com/octopus2mqtt/octopus2mqtt" \
      org.opencontainers.image.documentation="https://github.com/octopus2mqtt/octopus2mqtt/blob/main/docs/container.md" \
      org.opencontainers.image.licenses="MIT"

# What the environment says beats the configuration file, so these two hold whatever the file says.
ENV NODE_ENV=production \
    OCTOPUS2MQTT_STATUS_LISTEN=0.0.0.0:8099 \
    OCTOPUS2MQTT_STORAGE_PATH=/data/octopus2mqtt.db

WORKDIR /app
# Everything below /app belongs to root and is only read. The one place that is written is /data.
RUN mkdir /data && chown node:node /data && ln -s /app/dist/main.js /usr/local/bin/octopus2mqtt
COPY package.json LICENSE ./
COPY --from=libraries /app/node_modules ./node_modules
COPY --from=build /build/dist ./dist

# User and group 1000.
USER node
VOLUME /data
EXPOSE 8099
STOPSIGNAL SIGTERM

# 503 is an overdue refresh or edge of ours, or a broker away for ten minutes. A bad day at Octopus is not unhealthy.
HEALTHCHECK --interval=60s --timeout=10s --start-period=30s --retries=3 \
  CMD ["node", "-e", "const listen=process.env.OCTOPUS2MQTT_STATUS_LISTEN,at=listen.lastIndexOf(':'),host=listen.slice(0,at);fetch('http://'+(['0.0.0.0','[::]',''].includes(host)?'127.0.0.1':host)+listen.slice(at)+'/health').then(answer=>process.exit(answer.ok?0:1),()=>process.exit(1))"]

# Both flags are for memory: little room for what lives shortly, and one helping thread, each of which keeps memory of its own.
ENTRYPOINT ["node", "--max-semi-space-size=1", "--v8-pool-size=1", "dist/main.js"]
