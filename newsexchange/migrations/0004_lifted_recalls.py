from django.db import migrations, models

LIFT = """
UPDATE newsexchange_recallnotice AS notice
   SET lifted_at = coalesce(
       (SELECT min(event.at) FROM core_outboxevent AS event
         WHERE event.kind = 'story.restored' AND event.subject_uid = story.uid AND event.at > recall.recalled_at),
       story.versioned_at)
  FROM newsexchange_recall AS recall JOIN newsexchange_story AS story ON story.id = recall.story_id
 WHERE recall.id = notice.recall_id AND notice.acknowledged_at IS NULL
   AND (story.pubstatus = 'usable' OR EXISTS (
       SELECT FROM core_outboxevent AS event
        WHERE event.kind = 'story.restored' AND event.subject_uid = story.uid AND event.at > recall.recalled_at))
"""


class Migration(migrations.Migration):

    dependencies = [
        ('newsexchange', '0003_who_speaks'),
    ]

    operations = [
        migrations.AddField(
            model_name='recallnotice',
            name='lifted_at',
            field=models.DateTimeField(null=True, verbose_name='story usable again'),
        ),
        migrations.RunSQL(LIFT, migrations.RunSQL.noop),
    ]
