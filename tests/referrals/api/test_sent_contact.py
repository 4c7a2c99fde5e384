"""Contact data newly sent for a patient who is on record already reaches those who have to call."""

from tests.referrals.api.calling import body

KNOWN = {
    "family_name": "Meitner",
    "given_name": "Lise",
    "birth_date": "1968-11-07",
    "street": "1 Main St",
    "zip_code": "53703",
}


def test_the_receiver_sees_what_the_referrer_sent_beside_the_record(ours, our_heart, outside):
    ours.post("referrals/", body(patient=KNOWN | {"phone": "608-555-0199"}))
    number = outside.post("referrals/", body(patient=KNOWN | {"phone": "608-555-0111"})).json()["number"]
    patient = our_heart.get(f"referrals/{number}/").json()["patient"]
    assert patient["phone"] == "608-555-0199"
    assert patient["sent_contact"]["phone"] == "608-555-0111"
    sender = outside.get(f"referrals/{number}/").json()["patient"]
    assert (sender["phone"], sender["sent_contact"]) == ("608-555-0111", None)


def test_nothing_is_repeated_when_it_is_the_same(our_heart, outside):
    number = outside.post("referrals/", body()).json()["number"]
    assert our_heart.get(f"referrals/{number}/").json()["patient"]["sent_contact"] is None
