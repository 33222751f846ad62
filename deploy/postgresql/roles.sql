-- Who may do what in the database itself. Run by the tables' owner, after installing and after every upgrade:
--     psql "$OWNER_URL" --single-transaction -v ON_ERROR_STOP=1 -f deploy/postgresql/roles.sql
-- Safe to run again. It makes the group roles parindex_secretariat, _council, _auditor, _admin, _system (workers),
-- _unit and _appraiser; people log in under a role of their own that is a member of one or more of them:
--     CREATE ROLE "nguyen-van-a" LOGIN PASSWORD '…' IN ROLE parindex_secretariat;
-- A unit's or an appraiser's login is named like its code, is made by parindex_party and sees its own rows alone:
--     CREATE ROLE "so-noi-vu" LOGIN PASSWORD '…';  SELECT parindex_party('so-noi-vu', 'parindex_unit');
-- What each role may do through the program: models/rules/roles.py. A test tries each one here.

SET client_min_messages TO warning;

DO $$
DECLARE
    role_name text;
    readers constant text := 'parindex_secretariat, parindex_council, parindex_auditor, parindex_admin, parindex_system';
    movers constant text := 'parindex_secretariat, parindex_admin, parindex_system';
BEGIN
    FOREACH role_name IN ARRAY ARRAY['secretariat', 'council', 'auditor', 'admin', 'system', 'unit', 'appraiser'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'parindex_' || role_name) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', 'parindex_' || role_name);
        END IF;
    END LOOP;

    REVOKE ALL ON SCHEMA public FROM PUBLIC;
    REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC;
    EXECUTE 'GRANT USAGE ON SCHEMA public TO ' || readers;
    EXECUTE 'GRANT SELECT ON ALL TABLES IN SCHEMA public TO ' || readers;

    -- Those who make the cycle move. What was received, published or recorded is only ever added to.
    EXECUTE 'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO parindex_council, ' || movers;
    EXECUTE 'GRANT INSERT ON submission, received_file, claim, evidence_document, explanation, mark, survey_count,'
         || ' survey_valid, survey_sample, statistic, adjustment, exemption, previous_result, earlier_result,'
         || ' previous_score, crosswalk, inspected_document,'
         || ' finding, publication, publication_file, audit_event, step_run, step_batch,'
         || ' step_basis, run_request TO ' || movers;
    EXECUTE 'GRANT UPDATE ON cycle_unit, step_run, step_batch TO ' || movers;
    EXECUTE 'GRANT DELETE ON finding, step_basis TO ' || movers;

    -- The secretariat registers cycles and locks stages; a worker locks what the calendar says.
    GRANT INSERT, UPDATE ON cycle TO parindex_secretariat;
    GRANT INSERT, DELETE ON cycle_unit, cycle_framework, responsibility TO parindex_secretariat;
    GRANT INSERT ON stage_lock TO parindex_secretariat, parindex_system, parindex_council;
    -- The council approves (locks round 2), decides corrections and hands results to commendation.
    GRANT INSERT ON correction, commendation TO parindex_secretariat, parindex_council;
    GRANT INSERT ON audit_event TO parindex_council;

END $$;

-- Units and appraisers look through views of the same names that leave out what is not theirs.
CREATE SCHEMA IF NOT EXISTS parindex_own;

-- A unit: itself. An appraiser: every unit but the one they belong to.
CREATE OR REPLACE VIEW parindex_own.mine WITH (security_barrier) AS
    SELECT cycle, unit FROM public.cycle_unit
     WHERE unit = session_user AND pg_has_role(session_user, 'parindex_unit', 'MEMBER')
    UNION
    SELECT cycle, unit FROM public.cycle_unit AS one
     WHERE pg_has_role(session_user, 'parindex_appraiser', 'MEMBER')
       AND EXISTS (SELECT FROM public.responsibility AS r WHERE r.cycle = one.cycle AND r.appraiser = session_user)
       AND NOT EXISTS (SELECT FROM public.responsibility AS r
                        WHERE r.cycle = one.cycle AND r.appraiser = session_user AND r.unit = one.unit);

DO $$
DECLARE
    one record;
BEGIN
    FOR one IN
        SELECT c.relname AS name, coalesce(said.condition, CASE
                   WHEN EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attname = 'unit')
                   THEN '(cycle, unit) IN (SELECT cycle, unit FROM parindex_own.mine)' ELSE 'false' END) AS condition
          FROM pg_class AS c
          LEFT JOIN (VALUES
                   ('cycle', 1, 'true'), ('cycle_framework', 1, 'true'), ('stage_lock', 1, 'true'),
                   ('alembic_version', 1, 'true'), ('publication', 1, 'true'),
                   ('responsibility', 1, 'appraiser = session_user'),
                   ('step_run', 1, 'false'), ('step_batch', 1, 'false'), ('run_request', 1, 'false'),
                   ('submission', 1, $c$(kind IN ('self_assessment', 'explanations', 'midyear', 'lower')
                        AND (cycle, party) IN (SELECT cycle, unit FROM parindex_own.mine))
                        OR (kind = 'marks' AND party = session_user)$c$),
                   ('received_file', 2, 'submission IN (SELECT id FROM parindex_own.submission)')
               ) AS said(name, turn, condition) ON said.name = c.relname
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
         ORDER BY coalesce(said.turn, 1), c.relname
    LOOP
        EXECUTE format('DROP VIEW IF EXISTS parindex_own.%I CASCADE', one.name);
        EXECUTE format('CREATE VIEW parindex_own.%I WITH (security_barrier) AS SELECT * FROM public.%I WHERE %s',
                       one.name, one.name, one.condition);
    END LOOP;
    GRANT USAGE ON SCHEMA parindex_own TO parindex_unit, parindex_appraiser;
    GRANT SELECT ON ALL TABLES IN SCHEMA parindex_own TO parindex_unit, parindex_appraiser;
END $$;

-- Makes a login a unit's or an appraiser's: what they look at is what is theirs.
CREATE OR REPLACE FUNCTION parindex_party(login text, role_name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF role_name NOT IN ('parindex_unit', 'parindex_appraiser') THEN
        RAISE EXCEPTION '%: parindex_unit or parindex_appraiser', role_name;
    END IF;
    EXECUTE format('GRANT %I TO %I', role_name, login);
    EXECUTE format('ALTER ROLE %I SET search_path = parindex_own', login);
END $$;
REVOKE ALL ON FUNCTION parindex_party(text, text) FROM PUBLIC;
