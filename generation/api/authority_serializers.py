"""What the samples of a batch cite, as the API shows it."""

from rest_framework import serializers

from generation.selectors.authorities import AuthorityUse, FrequentAuthority


class FrequentAuthoritySerializer(serializers.Serializer[FrequentAuthority]):
    key = serializers.CharField(help_text="As the filter 'cites' of samples takes it.")
    citation = serializers.CharField()
    samples = serializers.IntegerField()
    share = serializers.FloatField(help_text="Of the batch's samples, 0 to 1.")


class AuthorityUseSerializer(serializers.Serializer[AuthorityUse]):
    samples = serializers.IntegerField()
    distinct = serializers.IntegerField(help_text="Different authorities that they cite.")
    frequent = FrequentAuthoritySerializer(many=True, help_text="Those that more than 20 % of the samples cite.")
