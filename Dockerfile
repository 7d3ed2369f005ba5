# One image for every process of the product; docker-compose.yml says which one a container runs. docs/deploying.md explains it.
# The bases are pinned by exact version. Whoever has a registry at hand pins them by digest as well.

# --- The front-end libraries: files to serve, so no install script is run
FROM node:20.19.4-bookworm-slim AS assets
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --omit=dev --no-audit --no-fund

# --- The Python packages: wheels alone, each with the hash that the lockfile has, so nothing is compiled
FROM python:3.11.13-slim-bookworm AS packages
WORKDIR /src
COPY requirements.txt ./
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.txt

# --- The product with its static files collected, compressed and named by their content
FROM python:3.11.13-slim-bookworm AS product
ENV PATH=/opt/venv/bin:$PATH
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY --from=assets /src/node_modules node_modules
COPY manage.py ./
COPY ops/docker/healthcheck.py ops/docker/healthcheck.py
COPY static static
COPY templates templates
COPY tredye tredye
COPY apps apps
# The settings want addresses, and nothing is connected to; the key is made up for this one command and kept nowhere.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
    DJANGO_SETTINGS_MODULE=tredye.settings.prod DATABASE_URL=postgres://nowhere/none REDIS_URL=redis://nowhere KAFKA_BOOTSTRAP=nowhere:1 \
    ALLOWED_HOSTS=nowhere PUBLIC_ORIGINS=https://nowhere EMAIL_URL=smtp://nowhere PROXY_COUNT=1 \
    python manage.py collectstatic --noinput \
 && python -m compileall -q --invalidation-mode unchecked-hash manage.py apps tredye

# --- What runs: no compiler, no package manager's cache, nothing that its user may write but VAR_DIR
FROM python:3.11.13-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=tredye.settings.prod \
    VAR_DIR=/var/lib/tredye
# pg_dump and pg_restore, of the server's major version: for backups.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends postgresql-client-15 \
 && rm -rf /var/lib/apt/lists/*
# By number, so that a volume's owner is the same everywhere and a runtime can see that it is not root.
RUN groupadd --gid 10001 tredye \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin tredye \
 && install --directory --owner=10001 --group=10001 --mode=0700 /var/lib/tredye /var/lib/tredye/run /var/lib/tredye/backups
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY --from=product /app /app
USER 10001:10001
STOPSIGNAL SIGTERM
EXPOSE 8000 8001 9400
CMD ["python", "manage.py", "help"]
