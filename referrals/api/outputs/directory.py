"""Offices, providers and codes as the API shows them."""

from rest_framework import serializers

from referrals.models import EndingReason, Office, Payer, Provider, Specialty


class CodeNameSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()


class SpecialtySerializer(serializers.ModelSerializer):
    class Meta:
        model = Specialty
        fields = ["code", "name", "nucc_code"]


class PayerSerializer(serializers.ModelSerializer):
    class Meta:
        model = Payer
        fields = ["code", "name"]


class EndingReasonSerializer(serializers.ModelSerializer):
    class Meta:
        model = EndingReason
        fields = ["code", "label", "ends_as", "counts_as_leakage", "excludes_from_cohort"]


class CoordinatorSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class OfficeNameSerializer(serializers.Serializer):
    npi = serializers.CharField()
    name = serializers.CharField()


class ProviderNameSerializer(serializers.Serializer):
    npi = serializers.CharField()
    name = serializers.CharField(source="__str__")


class OfficeSerializer(serializers.ModelSerializer):
    is_ours = serializers.BooleanField(help_text="Belongs to the group that runs RefLoop.")

    class Meta:
        model = Office
        fields = ["npi", "name", "is_ours", "street", "city", "state", "zip_code", "phone", "fax"]


class ProviderSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="__str__")
    specialties = serializers.SlugRelatedField(slug_field="code", many=True, read_only=True)
    payers = serializers.SlugRelatedField(
        slug_field="code", many=True, read_only=True, help_text="Plans accepted. Empty means not known."
    )
    offices = OfficeNameSerializer(many=True)

    class Meta:
        model = Provider
        fields = [
            "npi", "name", "given_name", "family_name", "credentials", "specialties", "payers", "offices",
            "accepting_new_patients", "keeps_urgent_slots", "typical_wait_days", "phone",
        ]  # fmt: skip
