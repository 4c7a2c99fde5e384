"""What happened to a referral, as messages: to whom, under which topic, in which words. Sends nothing itself."""
