from django.db import migrations


class Migration(migrations.Migration):
    """A ticket carries the digest of a session key, not the key; this index finds the session of a digest."""

    dependencies = [("sessions", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX session_key_digest ON django_session (md5(session_key))", "DROP INDEX session_key_digest"
        )
    ]
