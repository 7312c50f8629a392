-- Run once on the database server, as its administrator: sudo -u postgres psql -f setup.sql
-- A role that owns nothing but its own database, and a database that nobody else gets into.
CREATE ROLE blongo LOGIN;
CREATE DATABASE blongo OWNER blongo ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE blongo FROM PUBLIC;
-- Then give it a password, which is asked for and stands in no history:
--   sudo -u postgres psql -c '\password blongo'
