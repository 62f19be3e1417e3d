import comments.models.ids
import comments.models.public_text
import comments.privacy.encrypted_field
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Author',
            fields=[
                ('id', models.UUIDField(default=comments.models.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('email_digest', models.CharField(max_length=64)),
                ('email_encrypted', models.TextField()),
                ('name', comments.models.public_text.PublicNameField(blank=True, max_length=100, verbose_name='name')),
                ('first_seen_at', models.DateTimeField(verbose_name='first seen')),
                ('verified_at', models.DateTimeField(blank=True, null=True, verbose_name='address confirmed')),
                ('trust', models.CharField(choices=[('by_record', 'By the record'), ('trusted', 'Trusted: published at once, once the address is confirmed'), ('watched', 'Watched: always held')], default='by_record', max_length=16, verbose_name='trust')),
            ],
            options={
                'verbose_name': 'author',
                'verbose_name_plural': 'authors',
            },
        ),
        migrations.CreateModel(
            name='CacheEntry',
            fields=[
                ('key', models.CharField(max_length=250, primary_key=True, serialize=False)),
                ('value', models.JSONField()),
                ('expires_at', models.DateTimeField(db_index=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Picture',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('url', comments.privacy.encrypted_field.EncryptedTextField()),
                ('url_digest', models.CharField(max_length=64)),
                ('content', models.BinaryField(default=bytes)),
                ('used_at', models.DateTimeField(db_index=True)),
                ('fetched_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('fetched_at', None)), fields=['used_at'], name='picture_waiting')],
            },
        ),
        migrations.CreateModel(
            name='Site',
            fields=[
                ('id', models.UUIDField(default=comments.models.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('slug', models.SlugField(help_text='Its name in addresses.', max_length=63, unique=True, verbose_name='name in addresses')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('origins', models.JSONField(blank=True, default=list, help_text='Where its pages live, such as ["https://example.com"].', verbose_name='origins')),
                ('origins_apart', models.BooleanField(default=False, help_text='Otherwise a page is the same under each of the origins, with http or https.', verbose_name='each origin has pages of its own')),
                ('page_parameters', models.JSONField(blank=True, default=list, help_text='Names of query parameters. Where some are named, all others are left out of account; otherwise only those that track visitors, such as utm_source.', verbose_name='parameters that make a page')),
                ('slash_matters', models.BooleanField(default=False, verbose_name='a slash at the end makes another page')),
                ('read_pages', models.BooleanField(default=False, help_text='Each page with a public comment is fetched once: its title, address and section then count above what came with comments.', verbose_name='ask pages for their title')),
                ('public_playground', models.BooleanField(default=False, help_text='Everybody may try at /try/ what would become of a text here, and not only who looks after the site.', verbose_name='public playground')),
                ('require_name', models.BooleanField(default=True, verbose_name='require name')),
                ('require_email', models.BooleanField(default=True, verbose_name='require email')),
                ('allow_website', models.BooleanField(default=True, verbose_name='ask for a website')),
                ('guidelines', models.TextField(blank=True, help_text='A line above the form, such as what is welcome here. Markdown, as in comments.', max_length=1000, verbose_name='guidelines')),
                ('max_length', models.PositiveIntegerField(default=5000, help_text='In characters.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(50000)], verbose_name='longest comment')),
                ('max_depth', models.PositiveSmallIntegerField(default=4, help_text='How many levels of replies there may be below a comment.', validators=[django.core.validators.MaxValueValidator(20)], verbose_name='deepest reply')),
                ('min_seconds', models.PositiveSmallIntegerField(default=3, help_text='A form that comes back sooner than this many seconds was not filled in by hand.', verbose_name='fastest form')),
                ('form_hours', models.PositiveSmallIntegerField(default=24, help_text='In hours.', verbose_name='lifetime of a form')),
                ('votes', models.BooleanField(default=True, help_text='Readers may vote on comments.', verbose_name='votes')),
                ('edit_minutes', models.PositiveIntegerField(default=15, help_text='Minutes in which an author may change a comment.', verbose_name='time to edit')),
                ('notify', models.BooleanField(default=True, help_text='Readers may ask to be told of answers; they confirm their address first.', verbose_name='offer replies by mail')),
                ('remove_erased_texts', models.BooleanField(default=False, help_text='When a person asks to be erased, the texts go, too; else they stay unnamed.', verbose_name='remove texts on erasure')),
                ('sign_on_secret', models.TextField(blank=True, editable=False)),
                ('former_sign_on_secret', models.TextField(blank=True, editable=False)),
                ('sign_on_public_key', models.TextField(blank=True, editable=False)),
                ('coral_secret', models.TextField(blank=True, editable=False)),
                ('former_coral_secret', models.TextField(blank=True, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('connected_at', models.DateTimeField(editable=False, null=True)),
                ('flood_since', models.DateTimeField(editable=False, null=True)),
                ('flood_by_hand', models.BooleanField(default=False, editable=False)),
                ('flood_ended_at', models.DateTimeField(editable=False, null=True)),
                ('flood_pressed_at', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'verbose_name': 'site',
                'verbose_name_plural': 'sites',
                'ordering': ('name',),
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='email address')),
                ('language', models.CharField(blank=True, editable=False, max_length=16)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.UUIDField(default=comments.models.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('depth', models.PositiveSmallIntegerField(default=0)),
                ('author_name', comments.models.public_text.PublicNameField(blank=True, max_length=100, verbose_name='author')),
                ('author_url', comments.models.public_text.PublicUrlField(blank=True, max_length=500)),
                ('author_verified', models.BooleanField(default=False)),
                ('badge_kind', models.CharField(blank=True, max_length=8)),
                ('badge_label', comments.models.public_text.PublicTitleField(blank=True, max_length=40)),
                ('page_language', models.CharField(blank=True, max_length=16)),
                ('body', comments.models.public_text.PublicBodyField()),
                ('body_html', models.TextField()),
                ('body_digest', models.CharField(max_length=64)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('status', models.CharField(choices=[('pending', 'Pending'), ('approved', 'Approved'), ('held', 'Held'), ('rejected', 'Rejected'), ('spam', 'Spam'), ('deleted', 'Deleted')], default='pending', max_length=16, verbose_name='status')),
                ('created_at', models.DateTimeField(verbose_name='written')),
                ('edited_at', models.DateTimeField(null=True)),
                ('address_digest', models.CharField(blank=True, max_length=64)),
                ('network_digest', models.CharField(blank=True, max_length=64)),
                ('user_agent', models.CharField(blank=True, max_length=300)),
                ('avatar_seed', models.CharField(blank=True, max_length=12)),
                ('intake', models.JSONField(default=dict)),
                ('up_votes', models.PositiveIntegerField(default=0)),
                ('down_votes', models.PositiveIntegerField(default=0)),
                ('best', models.FloatField(default=0.0)),
                ('pinned_at', models.DateTimeField(null=True)),
                ('featured', models.BooleanField(default=False)),
                ('purged_at', models.DateTimeField(null=True)),
                ('author', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='comments', to='comments.author')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='replies', to='comments.comment')),
                ('root', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='branch', to='comments.comment')),
                ('picture', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='comments', to='comments.picture')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='comments.site', verbose_name='site')),
            ],
            options={
                'verbose_name': 'comment',
                'verbose_name_plural': 'comments',
                'ordering': ('-id',),
                'indexes': [models.Index(fields=['root', 'status', 'id'], name='comment_by_branch'), models.Index(fields=['author', 'status'], name='comment_by_author'), models.Index(fields=['site', 'status', '-id'], name='comment_by_site'), models.Index(fields=['site', 'address_digest', '-created_at'], name='comment_by_address'), models.Index(condition=models.Q(('network_digest', ''), _negated=True), fields=['site', 'network_digest', '-id'], name='comment_by_network'), models.Index(fields=['site', 'body_digest', 'id'], name='comment_by_text'), models.Index(condition=models.Q(('purged_at', None), ('status__in', ('deleted', 'rejected', 'spam'))), fields=['id'], name='comment_removed'), models.Index(condition=models.Q(('network_digest', ''), _negated=True), fields=['id'], name='comment_with_network'), models.Index(condition=models.Q(('revision__gt', 1)), fields=['id'], name='comment_edited'), models.Index(condition=models.Q(('picture__isnull', False)), fields=['picture'], name='comment_by_picture')],
            },
        ),
        migrations.CreateModel(
            name='IdempotencyKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(max_length=200)),
                ('key', models.CharField(max_length=200)),
                ('fingerprint', models.CharField(max_length=64)),
                ('status_code', models.PositiveSmallIntegerField()),
                ('answer', models.TextField()),
                ('created_id', models.CharField(blank=True, db_index=True, max_length=64)),
                ('created_at', models.DateTimeField(auto_now_add=True, db_index=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('scope', 'key'), name='one_answer_per_idempotency_key')],
            },
        ),
        migrations.AddField(
            model_name='picture',
            name='site',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='pictures', to='comments.site'),
        ),
        migrations.CreateModel(
            name='Origin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=16)),
                ('source_id', models.CharField(max_length=200)),
                ('parent_source_id', models.CharField(blank=True, max_length=200)),
                ('linked', models.BooleanField(default=False)),
                ('comment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='origin', to='comments.comment')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='comments.site')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('linked', False)), fields=['site', 'source'], name='origin_loose')],
                'constraints': [models.UniqueConstraint(fields=('site', 'source', 'source_id'), name='one_comment_per_origin')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('owner', 'Owner: sets the house rules'), ('moderator', 'Moderator: decides about comments'), ('viewer', 'Viewer: looks on')], max_length=16, verbose_name='role')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='comments.site', verbose_name='site')),
            ],
            options={
                'verbose_name': 'member',
                'verbose_name_plural': 'members',
                'constraints': [models.UniqueConstraint(fields=('site', 'user'), name='one_membership_per_user_and_site')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.UUIDField(default=comments.models.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254)),
                ('role', models.CharField(choices=[('owner', 'Owner: sets the house rules'), ('moderator', 'Moderator: decides about comments'), ('viewer', 'Viewer: looks on')], max_length=16)),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(db_index=True)),
                ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='comments.site')),
            ],
            options={
                'ordering': ['email'],
                'constraints': [models.UniqueConstraint(fields=('site', 'email'), name='one_invitation_per_address')],
            },
        ),
        migrations.AddField(
            model_name='author',
            name='site',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='authors', to='comments.site', verbose_name='site'),
        ),
        migrations.CreateModel(
            name='SiteKey',
            fields=[
                ('id', models.UUIDField(default=comments.models.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(help_text='What uses it.', max_length=100, verbose_name='name')),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('fingerprint_encrypted', models.TextField(editable=False)),
                ('public_id', models.CharField(editable=False, max_length=12, verbose_name='public id')),
                ('scopes', models.JSONField(default=list, verbose_name='scopes')),
                ('created_at', models.DateTimeField(verbose_name='made')),
                ('last_used_at', models.DateTimeField(blank=True, null=True, verbose_name='last used')),
                ('expires_at', models.DateTimeField(blank=True, help_text='Empty: never.', null=True, verbose_name='ends')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked')),
                ('mode', models.CharField(choices=[('check', 'Check: answer, and keep nothing'), ('queue', 'Queue: a person of ours looks at what is held; the plugin is told later'), ('shadow', 'Shadow: keep what was said beside what the present service said')], default='check', max_length=16, verbose_name='mode')),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='keys', to='comments.site', verbose_name='site')),
            ],
            options={
                'verbose_name': 'API key',
                'verbose_name_plural': 'API keys',
                'ordering': ('-id',),
            },
        ),
        migrations.CreateModel(
            name='Subscriber',
            fields=[
                ('id', models.UUIDField(default=comments.models.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('language', models.CharField(max_length=16)),
                ('frequency', models.CharField(choices=[('at_once', 'At once'), ('daily', 'Once a day at most')], default='at_once', max_length=16)),
                ('asked_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('last_digest_at', models.DateTimeField(null=True)),
                ('author', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='subscriber', to='comments.author')),
            ],
        ),
        migrations.CreateModel(
            name='Thread',
            fields=[
                ('id', models.UUIDField(default=comments.models.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=2000, verbose_name='key')),
                ('key_digest', models.CharField(editable=False, max_length=64)),
                ('url', models.URLField(blank=True, max_length=2000, verbose_name='address')),
                ('title', comments.models.public_text.PublicTitleField(blank=True, max_length=300, verbose_name='title')),
                ('named_by_site', models.BooleanField(default=False, editable=False)),
                ('named_by_page', models.BooleanField(default=False, editable=False)),
                ('page_read_at', models.DateTimeField(editable=False, null=True)),
                ('section', comments.models.public_text.PublicTitleField(blank=True, editable=False, max_length=100, verbose_name='section')),
                ('named_at', models.DateTimeField(editable=False, null=True)),
                ('prompt', comments.models.public_text.PublicTitleField(blank=True, help_text='A question to readers, above the form.', max_length=300, verbose_name='prompt')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                ('created_at', models.DateTimeField(verbose_name='begun')),
                ('version', models.PositiveBigIntegerField(default=0, editable=False)),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='threads', to='comments.site', verbose_name='site')),
            ],
            options={
                'verbose_name': 'thread',
                'verbose_name_plural': 'threads',
                'constraints': [models.UniqueConstraint(fields=('site', 'key_digest'), name='one_thread_per_site_and_key')],
            },
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.UUIDField(default=comments.models.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField()),
                ('comment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to='comments.comment')),
                ('subscriber', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to='comments.subscriber')),
                ('thread', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to='comments.thread')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('subscriber', 'comment'), name='one_subscription_per_comment'), models.UniqueConstraint(condition=models.Q(('comment', None)), fields=('subscriber', 'thread'), name='one_subscription_per_thread')],
            },
        ),
        migrations.AddField(
            model_name='comment',
            name='thread',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='comments.thread', verbose_name='page'),
        ),
        migrations.CreateModel(
            name='UsedToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('expires_at', models.DateTimeField(db_index=True)),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='comments.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'digest'), name='one_use_per_token')],
            },
        ),
        migrations.CreateModel(
            name='Vote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('voter', models.CharField(db_index=True, max_length=64)),
                ('network', models.CharField(blank=True, max_length=66)),
                ('value', models.SmallIntegerField()),
                ('voted_at', models.DateTimeField()),
                ('comment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='comments.comment')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('network', ''), _negated=True), fields=['voted_at'], name='vote_with_network')],
                'constraints': [models.UniqueConstraint(fields=('comment', 'voter'), name='one_vote_per_reader'), models.CheckConstraint(condition=models.Q(('value__in', [1, -1])), name='a_vote_is_for_or_against')],
            },
        ),
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('body', models.TextField()),
                ('replaced_at', models.DateTimeField()),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='comments.comment')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('comment', 'number'), name='one_text_per_revision')],
            },
        ),
        migrations.CreateModel(
            name='RefusedOrigin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origin', models.CharField(max_length=300)),
                ('times', models.PositiveIntegerField(default=0)),
                ('last_at', models.DateTimeField()),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='refused_origins', to='comments.site')),
            ],
            options={
                'ordering': ['-times', '-last_at'],
                'constraints': [models.UniqueConstraint(fields=('site', 'origin'), name='one_row_per_refused_origin')],
            },
        ),
        migrations.AddConstraint(
            model_name='picture',
            constraint=models.UniqueConstraint(fields=('site', 'url_digest'), name='one_picture_per_address'),
        ),
        migrations.AddConstraint(
            model_name='author',
            constraint=models.UniqueConstraint(fields=('site', 'email_digest'), name='one_author_per_site_and_address'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('parent', None)), fields=['thread', '-id'], name='comment_by_thread'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('parent', None)), fields=['thread', '-best', '-id'], name='comment_best'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('status', 'approved')), fields=['thread', 'root'], name='comment_public'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('pinned_at__isnull', False)), fields=['thread'], name='comment_pinned'),
        ),
    ]
