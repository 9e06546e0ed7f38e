# The host with the bundled extensions, as a small image: core/docs/containers.md.
ARG BUILD_BASE=node:24-slim
ARG BASE=node:24-slim

FROM ${BUILD_BASE} AS build
WORKDIR /build
COPY . .
RUN npm ci --workspaces --ignore-scripts --no-audit --no-fund \
 && npx tsc --build core extensions/runtime-go-plugin \
 && node core/scripts/bundle.ts \
 && node core/scripts/image-files.ts /image

FROM ${BASE}
WORKDIR /plugboard
COPY --from=build /image/program/ /
COPY --from=build --chown=1000:1000 /image/data/ ./
USER 1000:1000
# What the host remembers. /plugboard/extensions is for a volume too, but not declared, so that it may stay in the container.
VOLUME ["/plugboard/.plugboard"]
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["plugboard", "health"]
ENTRYPOINT ["plugboard"]
CMD ["start"]
