-- The logins the servers need, after roles.sql: the workers' one, and Prefect's own database and login. By the owner:
--     psql "$OWNER_URL" -v ON_ERROR_STOP=1 -v worker_password=… -v prefect_password=… -f deploy/postgresql/logins.sql
-- Safe to run again; passwords are then renewed. People's logins are made by hand, see roles.sql.
SELECT format('CREATE ROLE worker LOGIN IN ROLE parindex_system')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'worker') \gexec
SELECT format('CREATE ROLE prefect LOGIN')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'prefect') \gexec
ALTER ROLE worker PASSWORD :'worker_password';
ALTER ROLE prefect PASSWORD :'prefect_password';
SELECT 'CREATE DATABASE prefect OWNER prefect'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'prefect') \gexec
