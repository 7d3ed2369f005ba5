"""A person's name. The column has its default in the table, so a process that does not know it yet can go on signing people up.

The check is added without looking at the rows that are there, and then validated under a lock that lets them be written.
"""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("accounts", "0004_account_limits")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="name",
            field=models.CharField(
                blank=True, db_default="", default="", help_text="As the person writes it; empty: not told.", max_length=80
            ),
        ),
        AddConstraintNotValid(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("name__regex", "[[:cntrl:]]"), _negated=True), name="user_name_printable"
            ),
        ),
        ValidateConstraint(model_name="user", name="user_name_printable"),
    ]
