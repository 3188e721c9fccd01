#!/bin/sh
# Runs once, on an empty data directory: the service's own role owns its database and is no superuser.
set -eu
psql --set=ON_ERROR_STOP=1 --set=password="$APP_PASSWORD" --username "$POSTGRES_USER" --dbname template1 <<'SQL'
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS intarray;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE ROLE mediaexchange LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'password';
CREATE DATABASE mediaexchange OWNER mediaexchange;
SQL
