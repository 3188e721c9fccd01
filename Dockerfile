# syntax=docker/dockerfile:1
FROM python:3.11-slim-bookworm AS builder
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gettext \
    && rm -rf /var/lib/apt/lists/*
ENV PATH=/venv/bin:$PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 STATIC_ROOT=/app/static
RUN python -m venv /venv
WORKDIR /app
COPY requirements.txt ./
RUN pip install --require-hashes --requirement requirements.txt
COPY . .
# The settings insist on secrets; these exist during this one step only.
RUN python -c 'from mediaexchange.launcher.catalogs import compile_catalogs, stale_catalogs; problem = compile_catalogs(stale_catalogs()); assert not problem, problem' \
    && DJANGO_SETTINGS_MODULE=mediaexchange.settings.production ALLOWED_HOSTS=localhost \
       DATABASE_URL=postgresql://nobody@127.0.0.1:1/none REDIS_URL=redis://127.0.0.1:1/0 \
       SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(48))')" \
       API_KEY_PEPPER="$(python -c 'import secrets; print(secrets.token_urlsafe(48))')" \
       SECRETS_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(48))')" \
       python manage.py collectstatic --no-input --verbosity=0 \
    && python -m compileall -q mediaexchange broadcasters archive training correspondents productions newsexchange

FROM python:3.11-slim-bookworm
RUN groupadd --gid 10001 mediaexchange \
    && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin mediaexchange \
    && install --directory --owner 10001 --group 10001 /data
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=mediaexchange.settings.production \
    MEDIAEXCHANGE_DATA=/data \
    STATIC_ROOT=/app/static
WORKDIR /app
COPY --from=builder /venv /venv
COPY --from=builder /app /app
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["python", "deploy/healthcheck.py"]
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py", "mediaexchange.wsgi:application"]
