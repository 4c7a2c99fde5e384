"""The shape of every error."""

from rest_framework import serializers

from referrals.lifecycle.states import Status


class FieldErrorSerializer(serializers.Serializer):
    field = serializers.CharField(
        allow_blank=True, help_text="Path such as patient.birth_date or diagnoses.0; empty: the whole body."
    )
    message = serializers.CharField(help_text="What is wrong and how to mend it.")


class AllowedActionSerializer(serializers.Serializer):
    action = serializers.CharField(help_text="Stable name, such as accept.")
    label = serializers.CharField(help_text="For people.")
    method = serializers.CharField(help_text="HTTP method, POST.")
    href = serializers.CharField(help_text="Address to send it to.")


class ProblemSerializer(serializers.Serializer):
    """RFC 9457 problem details."""

    type = serializers.CharField(help_text="Address of this kind of problem's description.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What happened here, for people.")
    code = serializers.CharField(help_text="Stable name of the kind, for programs.")
    errors = FieldErrorSerializer(many=True, required=False, help_text="With code invalid.")
    status_now = serializers.ChoiceField(Status.choices, required=False, help_text="With code illegal-move.")
    allowed_actions = AllowedActionSerializer(
        many=True, required=False, help_text="With code illegal-move: what you can do instead."
    )
    current_version = serializers.IntegerField(required=False, help_text="With code stale-version.")
    error_id = serializers.CharField(required=False, help_text="With code internal-error.")
