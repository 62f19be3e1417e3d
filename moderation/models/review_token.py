"""What is known of a token of the review API beside what knox stores."""

from django.db import models


class ReviewToken(models.Model):
    """The name of a token, and when it was last used."""

    token = models.OneToOneField(
        "knox.AuthToken", models.CASCADE, primary_key=True, related_name="details"
    )
    name = models.CharField(max_length=100)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
