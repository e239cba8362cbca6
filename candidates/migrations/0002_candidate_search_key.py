from django.db import migrations, models

from candidates.lines import folded


def fill(apps, schema_editor):
    for candidate in apps.get_model("candidates", "Candidate").objects.iterator():
        key = folded(f"{candidate.family_name} {candidate.usage_name} {candidate.given_names}")[:1000]
        type(candidate).objects.filter(pk=candidate.pk).update(search_key=key)


class Migration(migrations.Migration):

    dependencies = [
        ('candidates', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='candidate',
            name='search_key',
            field=models.CharField(blank=True, default='', editable=False, max_length=1000, verbose_name='clé de recherche'),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
