# The server alone: `docker build -t deskbell .`, then `docker run -p 3000:3000 -v deskbell:/data -e DESKBELL_SECRET=… deskbell`.
# Every setting is an environment variable; the README lists them. compose.yaml has it with PostgreSQL and Redis.

FROM node:24-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# The tests' browser and this repository's own Node are not needed here
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && npm run build:server && npx tsc -p tsconfig.build.json
# Who installs the package chooses their drivers; the image has all of them, in the versions of package-lock.json
RUN npm pkg delete devDependencies \
  && npm pkg set 'dependencies.pg=*' 'dependencies.mysql2=*' 'dependencies.mongodb=*' 'dependencies.@redis/client=*' 'dependencies.@nats-io/transport-node=*' \
     'dependencies.openid-client=*' \
  && npm prune --omit=dev --ignore-scripts

FROM node:24-slim
ENV NODE_ENV=production DATA_DIR=/data
WORKDIR /app
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 3000) + '/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Without a shell in between: SIGTERM reaches it, and it stops in an orderly way
ENTRYPOINT ["node", "dist/cli/deskbell.js"]
CMD ["serve"]
