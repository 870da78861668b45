"""Web domains, against the package publicsuffixlist and examples by hand."""

import publicsuffixlist
import pytest

from segdsl_firmographic.web_domains import Lack, free_mail, is_free_mail, read_domain, registrable, suffixes


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("https://www.Acme.co.uk:8080/about?x=1#y", "acme.co.uk"),
        ("acme.com", "acme.com"),
        ("WWW.ACME.COM", "acme.com"),
        ("acme.com.", "acme.com"),
        ("//acme.com/x", "acme.com"),
        ("http://user:secret@shop.acme.com/", "acme.com"),
        ("https://medium.com/@acme", "medium.com"),
        ("https://acme.com/?mail=jo@other.com", "acme.com"),
        ("acme.com, acme.de", "acme.com"),
        ("jo@mail.acme.co.uk", "acme.co.uk"),
        ("Jo Doe <Jo.Doe@Acme.com>", "acme.com"),
        ("mailto:jo@acme.com?subject=x", "acme.com"),
        ("https://müller.de/x", "xn--mller-kva.de"),
        ("MÜLLER.DE", "xn--mller-kva.de"),
        ("https://straße.de", "xn--strae-oqa.de"),
        ("почта@ромашка.рф", "xn--80aa3agjl3d.xn--p1ai"),
        ("https://日本語。ＪＰ", "xn--wgv71a119e.jp"),
        ("acme.github.io", "acme.github.io"),
        ("https://www.wpengine.com", "wpengine.com"),
        ("foo.city.kawasaki.jp", "city.kawasaki.jp"),
        ("www.ck", "www.ck"),
        ("a.b.shop.ck", "b.shop.ck"),
        ("www.com", "www.com"),
        ("doda.uz", "doda.uz"),
        ("a.x.co.uz", "x.co.uz"),
    ],
)
def test_the_registrable_domain_is_found(text: str, domain: str) -> None:
    assert read_domain(text) == (domain, None)


@pytest.mark.parametrize(
    ("text", "lack"),
    [
        ("jo@gmail.com", Lack.FREE_MAIL),
        ("jo@YAHOO.co.uk", Lack.FREE_MAIL),
        ("Jo <jo@mail.ru>", Lack.FREE_MAIL),
        ("jo@", Lack.NO_HOST),
        ("@", Lack.NO_HOST),
        ("jo@localhost", Lack.NO_HOST),
        ("127.0.0.1", Lack.NUMBER),
        ("http://10.0.0.1:8080/", Lack.NUMBER),
        ("co.uk", Lack.SHARED),
        ("localhost", Lack.UNREADABLE),
        ("https://[::1]/", Lack.UNREADABLE),
        ("a..com", Lack.UNREADABLE),
        ("-acme.com", Lack.UNREADABLE),
        ("server.local", Lack.UNREADABLE),
        ("n/a", Lack.UNREADABLE),
        ("none", Lack.UNREADABLE),
        ("https://", Lack.UNREADABLE),
        ("a" * 10_000_000, Lack.UNREADABLE),
        ("a.com" * 10_000, Lack.UNREADABLE),
        (".".join("a" * 200), Lack.UNREADABLE),
        ("\0.com", Lack.UNREADABLE),
        ("☃.com", Lack.UNREADABLE),
    ],
)
def test_what_has_no_domain_says_why(text: str, lack: Lack) -> None:
    assert read_domain(text) == (None, lack)


def test_a_host_alone_is_not_a_free_mail_address() -> None:
    assert read_domain("https://gmail.com").name == "gmail.com"


@pytest.mark.parametrize(
    ("text", "free"),
    [
        ("jo@gmail.com", True),
        ("jo@GoogleMail.com", True),
        ("jo@mail.uz", True),
        ("jo@acme.com", False),
        ("hotmail.com", True),
        ("jo@x.pp.ua", False),
        ("jo@", None),
        ("", None),
        ("jo@localhost", None),
    ],
)
def test_free_mail_is_told_from_company_mail(text: str, free: bool | None) -> None:
    assert is_free_mail(text) is free


@pytest.mark.parametrize("domain", "apple.com microsoft.com google.com amazon.com ibm.com siemens.com".split())
def test_companies_are_not_free_mail(domain: str) -> None:
    assert domain not in free_mail()


def test_every_rule_of_the_public_suffix_list_is_applied_as_the_library_does() -> None:
    library = publicsuffixlist.PublicSuffixList(accept_unknown=False)
    known = suffixes()
    assert len(known.rules) > 5000
    for rule in (*known.rules, *("wild." + parent for parent in known.wild)):
        host = "b.a." + rule
        expected = library.privatesuffix(host)
        assert registrable(host) == expected, host
