from legalds.security.checks import check_allowed_hosts, check_proxies


def test_a_site_that_answers_to_every_host_is_warned_of(settings):
    settings.ALLOWED_HOSTS = ["*"]
    assert [message.id for message in check_allowed_hosts()] == ["legalds.W001"]


def test_a_proxy_whose_clients_all_have_one_address_is_warned_of(settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert [message.id for message in check_proxies()] == ["legalds.W003"]
    settings.NUM_PROXIES = 1
    assert check_proxies() == []


def test_the_settings_as_they_come_pass():
    assert [*check_allowed_hosts(), *check_proxies()] == []
