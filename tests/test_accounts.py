"""Editors in the store: who gets in, for how long, how many guesses others have, and what is noted of it all."""

import ast
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher, extract_parameters

from data.decisions import Decision
from data.errors import EditorNeeded
from data.storage import journal, passwords, schema
from data.storage.accounts import (
    AccountInvalid,
    Accounts,
    SignedIn,
    SignInRefused,
    TooManyGuesses,
    person_ticket,
    session_ticket,
)
from data.storage.keeping import Session
from data.storage.passwords import PasswordRefused
from data.storage.roster import Expected, Roster
from data.store import Store
from tests.servers import PASSWORD
from tests.stores import (
    PLAN,
    SMALL,
    back_to_schema,
    behind,
    held,
    only_postgres,
    only_sqlite,
    opened,
    published,
    rows,
    tampering,
)

pytestmark = pytest.mark.usefixtures("database")

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
NAME, HERE = "林溪", "10.0.0.5"
CSV = "\n".join(",".join(cell.strip() for cell in line.split("|")) for line in SMALL.strip().splitlines())
NOON = datetime(2025, 10, 20, 4, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def moves(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Store:
    store = opened(tmp_path)
    store.accounts = Accounts(store._database, clock=clock, hasher=CHEAP)
    return store


@pytest.fixture
def people(store: Store) -> Accounts:
    store.accounts.add(NAME, PASSWORD, "测试")
    return store.accounts


def ticket(people: Accounts) -> str:
    return session_ticket(people.sign_in(NAME, PASSWORD, address=HERE).token)


def acts(people: Accounts) -> list[tuple[str, str, str]]:
    return [(entry.who, entry.act, entry.result) for entry in people.journal(0, 1000)]


# Who gets in


def test_an_editor_signs_in_and_is_known_by_the_ticket(people: Accounts):
    assert people.who(ticket(people)) == NAME


@pytest.mark.parametrize("name", ["林 溪", "　林溪 ", "林溪\u200b"])
def test_a_name_is_found_however_it_is_spaced(people: Accounts, name: str):
    assert people.who(session_ticket(people.sign_in(name, PASSWORD, address=HERE).token)) == NAME


@pytest.mark.parametrize(("name", "password"), [(NAME, "wrong"), ("周舟", PASSWORD), ("", ""), (NAME, "x" * 10_000)])
def test_a_wrong_name_and_a_wrong_password_are_refused_alike(people: Accounts, name: str, password: str):
    with pytest.raises(SignInRefused) as refused:
        people.sign_in(name, password, address=HERE)
    assert str(refused.value) == str(SignInRefused())


def test_an_unknown_name_takes_a_verification_too(people: Accounts, monkeypatch: pytest.MonkeyPatch):
    verified = []
    monkeypatch.setattr(passwords, "fits", lambda hasher, stored, password: verified.append(stored) or False)
    for name in (NAME, "周舟"):
        with pytest.raises(SignInRefused):
            people.sign_in(name, PASSWORD, address=HERE)
    assert [extract_parameters(stored) for stored in verified] == [extract_parameters(verified[0])] * 2
    assert verified[0] != verified[1]


def test_the_store_holds_neither_password_nor_token(people: Accounts, tmp_path: Path):
    made = people.sign_in(NAME, PASSWORD, address=HERE)
    content = repr(rows(tmp_path / "看板.db"))
    assert not any(secret in content for secret in (PASSWORD, made.token, made.browser))
    assert "$argon2id$" in content


def test_passwords_are_hashed_as_strongly_as_written_down():
    told = extract_parameters(passwords.HASHER.hash("x"))
    assert (told.type.name, told.memory_cost, told.time_cost, told.parallelism) == ("ID", 19456, 2, 1)


def test_the_first_editor_is_added_only_while_there_is_none(store: Store):
    made = store.accounts.add_first(NAME, PASSWORD, HERE)
    assert store.accounts.who(session_ticket(made.token)) == NAME
    store.accounts.disable(NAME, "测试")
    with pytest.raises(AccountInvalid):
        store.accounts.add_first("周舟", PASSWORD, HERE)
    assert [each.name for each in store.accounts.editors()] == [NAME]


@pytest.mark.parametrize("name", ["", "　", "\u200b", "字" * 21])
def test_a_name_that_cannot_be_shown_is_refused(store: Store, name: str):
    with pytest.raises(AccountInvalid):
        store.accounts.add(name, PASSWORD, "测试")


def test_two_editors_have_two_names(people: Accounts):
    with pytest.raises(AccountInvalid, match="已经有"):
        people.add("林 溪", PASSWORD, "测试")


def test_a_disabled_editor_is_let_in_again_with_a_new_password(people: Accounts):
    people.disable(NAME, "测试")
    people.add(NAME, f"{PASSWORD}，又一年", "测试")
    with pytest.raises(SignInRefused):
        people.sign_in(NAME, PASSWORD, address=HERE)
    people.sign_in(NAME, f"{PASSWORD}，又一年", address=HERE)


@pytest.mark.parametrize("act", [Accounts.disable, lambda people, name, by: people.set_password(name, PASSWORD, by)])
def test_nobody_is_changed_who_is_not_there(people: Accounts, act: Callable[[Accounts, str, str], None]):
    with pytest.raises(AccountInvalid, match="没有编辑"):
        act(people, "周舟", "测试")


# Passwords


@pytest.mark.parametrize(
    "password",
    [
        "",
        "短",
        "a1b2c3d4e",
        "1234567890",
        "13900001234",
        "Password123",
        "1qaz2wsx3edc",
        "aaaaaaaaaaaaaaaa",
        "ＱＷＥＲＴＹＵＩＯＰ",
        "abababababab",
        "woaini1314",
        "林溪林溪12345678",
        "x" * 129,
    ],
)
def test_a_password_that_is_guessed_is_refused(password: str):
    with pytest.raises(PasswordRefused):
        passwords.accepted(password, "林溪林溪")


@pytest.mark.parametrize("password", [PASSWORD, "correct horse battery", "tR7-qq9x.Lm", "x7" * 5 + "abcQ"])
def test_a_password_of_ten_characters_that_nobody_guesses_is_taken(password: str):
    assert passwords.accepted(password, NAME) == password


def test_the_same_password_from_another_keyboard_fits():
    stored = CHEAP.hash(passwords.accepted("ｈｏｒｓｅ１２３ａｂｃ", NAME))
    assert passwords.fits(CHEAP, stored, "horse123abc")


def test_generated_passwords_are_long_and_never_the_same():
    made = {passwords.generated() for _ in range(100)}
    assert len(made) == 100
    assert {len(passwords.accepted(each, NAME)) for each in made} == {19}


# How long


@pytest.mark.parametrize(("minutes", "known"), [(59, True), (61, False), (-2, False)])
def test_a_session_that_is_not_used_ends_after_an_hour(people: Accounts, clock: Clock, minutes: float, known: bool):
    mine = ticket(people)
    clock.moves(minutes=minutes)
    assert (people.who(mine) is not None) is known


def test_use_keeps_a_session_for_eight_hours_and_no_longer(people: Accounts, clock: Clock):
    mine = ticket(people)
    for _ in range(9):
        clock.moves(minutes=50)
        people.seen(mine)
    assert people.who(mine) == NAME
    clock.moves(minutes=31)
    people.seen(mine)
    assert people.who(mine) is None


def test_use_does_not_bring_back_a_session_that_has_ended(people: Accounts, clock: Clock):
    mine = ticket(people)
    clock.moves(minutes=61)
    people.seen(mine)
    assert people.who(mine) is None


def test_use_is_written_at_most_once_a_minute(people: Accounts, clock: Clock, tmp_path: Path):
    mine = ticket(people)
    written = []
    for _ in range(10):
        clock.moves(seconds=15)
        people.seen(mine)
        written += [session[-1] for session in rows(tmp_path / "看板.db")["session"]]
    assert len(set(written)) == 3


@pytest.mark.parametrize(
    "revoke",
    [
        lambda people, mine: people.sign_out(mine),
        lambda people, mine: people.disable(NAME, "测试"),
        lambda people, mine: people.set_password(NAME, f"{PASSWORD}，又一年", "测试"),
    ],
)
def test_signing_out_disabling_and_a_new_password_end_a_session_at_once(
    people: Accounts, revoke: Callable[[Accounts, str], None]
):
    mine = ticket(people)
    revoke(people, mine)
    assert people.who(mine) is None


def test_a_new_password_ends_the_sessions_of_that_editor_alone(people: Accounts):
    people.add("周舟", PASSWORD, "测试")
    other = session_ticket(people.sign_in("周舟", PASSWORD, address=HERE).token)
    people.set_password(NAME, f"{PASSWORD}，又一年", "测试")
    assert people.who(other) == "周舟"


# Who may write: every act of the store, by everybody who may not


def acts_of_the_store() -> dict[str, Callable[..., object]]:
    return {
        name: act
        for name, act in inspect.getmembers(Store, inspect.isfunction)
        if "session" in inspect.signature(act).parameters and not name.startswith("_")
    }


def writing() -> set[str]:
    """Return the store's public methods that reach a writing transaction."""
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(Store))).body
    assert isinstance(tree, ast.ClassDef)
    bodies = {node.name: ast.unparse(node) for node in tree.body if isinstance(node, ast.FunctionDef)}
    found = {name for name, body in bodies.items() if "_database.write()" in body}
    while more := {name for name, body in bodies.items() if any(f"self.{each}(" in body for each in found)} - found:
        found |= more
    return {name for name in found if not name.startswith("_")}


def attempt(store: Store, name: str, session: Session) -> object:
    """Do what the method does, with as little as it takes."""
    newest = store.latest(PLAN)
    assert newest is not None
    given = {
        "plan": PLAN if name == "publish" else replace(store.plan(newest.id), deputies=("甲",)),
        "content": CSV.encode(),
        "filename": "考评表.csv",
        "base": newest.id,
        "author": "旁人",
        "data_date": date(2025, 6, 30),
        "note": "试",
        "token": f"试 {name}",
        "session": session,
        "version_id": newest.id,
        "row": int(store.table(newest.id).index[0]),
        "targets": (),
        "units": Roster((Expected("示例市林业局"),)),
        "decision": Decision(0, PLAN, "1-1", "补种", "造林科", None, date(2025, 10, 20), "旁人"),
    }
    act = acts_of_the_store()[name]
    return act(store, **{key: given[key] for key in inspect.signature(act).parameters if key != "self"})


def who_may_not(people: Accounts, clock: Clock, role: str) -> Session:
    made = people.sign_in(NAME, PASSWORD, address=HERE)
    mine = session_ticket(made.token)
    if role == "revoked":
        people.disable(NAME, "测试")
    elif role == "signed out":
        people.sign_out(mine)
    elif role == "idle":
        clock.moves(minutes=61)
    elif role == "expired":
        for _ in range(10):
            clock.moves(minutes=49)
            people.seen(mine)
    tickets = {
        "anonymous": "",
        "viewer": person_ticket("某读者"),
        "other browser": session_ticket(mine.removeprefix("session:")),  # who saw the store's hash has no token
        "known browser": session_ticket(made.browser),
    }
    return people.guard(tickets.get(role, mine))


ROLES = ["anonymous", "viewer", "revoked", "signed out", "idle", "expired", "other browser", "known browser"]


@pytest.fixture
def filled(store: Store, people: Accounts) -> Store:
    published(store, SMALL, "2025-04-30")
    return store


def test_every_act_that_writes_asks_for_a_session():
    nobodys = {"keep_summaries", "summarise_missing"}  # they follow from what is kept, and no page calls them
    assert writing() - nobodys == acts_of_the_store().keys()


@only_sqlite
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", sorted(acts_of_the_store()))
def test_who_is_no_editor_writes_nothing(filled: Store, clock: Clock, name: str, role: str):
    session = who_may_not(filled.accounts, clock, role)
    before = (held(filled), filled.decisions(PLAN))
    with pytest.raises(EditorNeeded):
        attempt(filled, name, session)
    assert (held(filled), filled.decisions(PLAN)) == before
    assert acts(filled.accounts)[0] == ("旁人", name, "EditorNeeded")


@only_postgres
@pytest.mark.parametrize("role", ROLES)
def test_who_is_no_editor_writes_nothing_on_a_server(filled: Store, clock: Clock, role: str):
    session = who_may_not(filled.accounts, clock, role)
    before = (held(filled), filled.decisions(PLAN))
    for name in sorted(acts_of_the_store()):
        with pytest.raises(EditorNeeded):
            attempt(filled, name, session)
        assert acts(filled.accounts)[0] == ("旁人", name, "EditorNeeded")
    assert (held(filled), filled.decisions(PLAN)) == before


@pytest.mark.parametrize("name", sorted(acts_of_the_store()))
def test_an_editor_writes_under_his_own_name_and_it_is_noted(filled: Store, name: str):
    attempt(filled, name, filled.accounts.guard(ticket(filled.accounts)))
    assert acts(filled.accounts)[0] == (NAME, name, "ok")
    assert filled.verify() == ()


# Guesses


def guess(people: Accounts, address: str, name: str = NAME, browser: str = "") -> bool:
    """Try a wrong password; tell whether it was looked at."""
    try:
        people.sign_in(name, "wrong", address=address, browser=browser)
    except TooManyGuesses:
        return False
    except SignInRefused:
        return True
    raise AssertionError("a wrong password fitted")


def knows(people: Accounts) -> SignedIn:
    made = people.sign_in(NAME, PASSWORD, address=HERE)
    people.sign_out(session_ticket(made.token))
    return made


@only_sqlite  # six thousand guesses; the rules are the same
@pytest.mark.parametrize("addresses", [1, 50, 1000])
@pytest.mark.parametrize("signed_in_before", [True, False])
def test_of_a_thousand_guesses_at_most_thirty_an_hour_are_looked_at_and_the_editor_gets_in(
    people: Accounts, clock: Clock, addresses: int, signed_in_before: bool
):
    browser = knows(people).browser if signed_in_before else people.mark(NAME)
    clock.moves(hours=2)
    start, looked_at, waits = clock.now, [], []
    for number in range(1000):
        clock.moves(seconds=3 * 3600 / 1000)
        if guess(people, f"10.8.{number % addresses // 250}.{number % addresses % 250}"):
            looked_at.append(clock.now - start)
        if number % 200 == 199:
            waits.append(waited(people, clock, browser))
    worst = max(sum(at <= other < at + timedelta(hours=1) for other in looked_at) for at in looked_at)
    assert 0 < worst <= 30
    assert max(waits) <= timedelta(minutes=15)


def waited(people: Accounts, clock: Clock, browser: str) -> timedelta:
    """Return how long the editor waits in a browser of his, trying once a minute while somebody else goes on guessing."""
    start = clock.now
    while True:
        try:
            people.sign_in(NAME, PASSWORD, address="10.8.0.1", browser=browser)
        except TooManyGuesses:
            clock.moves(minutes=1)
            guess(people, "10.8.0.1")
        else:
            return clock.now - start


def test_there_is_no_mark_for_a_name_that_nobody_has(people: Accounts):
    with pytest.raises(AccountInvalid, match="周舟"):
        people.mark("周舟")


def test_guesses_from_one_address_leave_room_for_a_new_one(people: Accounts, clock: Clock):
    assert [guess(people, "192.168.0.1") for _ in range(6)] == [True] * 4 + [False] * 2
    people.sign_in(NAME, PASSWORD, address="192.168.0.2")


def test_guesses_from_everywhere_leave_room_for_where_editors_sit(people: Accounts, clock: Clock):
    knows(people)
    assert sum(guess(people, f"192.168.0.{number}") for number in range(20)) == 5
    with pytest.raises(TooManyGuesses):
        people.sign_in(NAME, PASSWORD, address="192.168.0.99")
    people.sign_in(NAME, PASSWORD, address=HERE)


def test_guesses_from_where_the_editor_sits_leave_room_for_his_browser(people: Accounts):
    browser = knows(people).browser
    assert sum(guess(people, HERE) for _ in range(20)) == 6
    people.sign_in(NAME, PASSWORD, address=HERE, browser=browser)


def test_after_a_quarter_of_an_hour_anybody_may_try_again(people: Accounts, clock: Clock):
    while guess(people, HERE):
        pass
    clock.moves(minutes=15, seconds=1)
    people.sign_in(NAME, PASSWORD, address=HERE)


@pytest.mark.parametrize("signed_in_before", [True, False])
def test_an_unknown_name_has_as_many_guesses_as_a_known_one(people: Accounts, signed_in_before: bool):
    if signed_in_before:
        knows(people)
    counts = [sum(guess(people, HERE, name) for _ in range(10)) for name in (NAME, "周舟")]
    assert counts[0] == counts[1]


def test_another_editor_s_browser_is_a_stranger(people: Accounts):
    people.add("周舟", PASSWORD, "测试")
    browser = people.sign_in("周舟", PASSWORD, address="10.0.0.6").browser
    assert sum(guess(people, "192.168.0.1", browser=browser) for _ in range(10)) == 4


@pytest.mark.parametrize("browser", ["x", "WzEsIngiXQ.x", "a.b.c"])
def test_a_forged_browser_is_a_stranger(people: Accounts, browser: str):
    assert sum(guess(people, "192.168.0.1", browser=browser) for _ in range(10)) == 4


def test_one_address_cannot_try_many_names(people: Accounts):
    assert sum(guess(people, "192.168.0.1", f"某人{number}") for number in range(60)) == 20


def test_all_addresses_together_cannot_take_the_processor(people: Accounts):
    assert sum(guess(people, f"10.1.{number}.1", f"某人{number}") for number in range(100)) == 30


def test_a_password_that_fits_is_no_guess(people: Accounts):
    for _ in range(40):
        people.sign_in(NAME, PASSWORD, address="192.168.0.1")


def test_guesses_are_remembered_over_a_restart(people: Accounts, tmp_path: Path, clock: Clock):
    while guess(people, "192.168.0.1"):
        pass
    again = Accounts(opened(tmp_path)._database, clock=clock, hasher=CHEAP)
    assert not guess(again, "192.168.0.1")


def test_a_refused_guess_writes_nothing(people: Accounts, tmp_path: Path):
    while guess(people, "192.168.0.1"):
        pass
    before = rows(tmp_path / "看板.db")
    assert not guess(people, "192.168.0.1")
    assert rows(tmp_path / "看板.db") == before


def test_names_that_were_tried_are_not_kept(people: Accounts, tmp_path: Path):
    guess(people, HERE, "把密码写进姓名里")
    assert "把密码写进姓名里" not in repr(rows(tmp_path / "看板.db"))


# What is noted


def test_what_happens_to_accounts_is_noted_with_its_result(people: Accounts):
    guess(people, HERE)
    guess(people, HERE, "周舟")
    people.sign_out(ticket(people))
    people.disable(NAME, "管理员")
    assert acts(people)[::-1] == [
        ("测试", "editor-added", "ok"),
        (NAME, "sign-in", "SignInRefused"),
        ("", "sign-in", "SignInRefused"),
        (NAME, "sign-in", "ok"),
        (NAME, "sign-out", "ok"),
        ("管理员", "editor-disabled", "ok"),
    ]
    assert {entry.address for entry in people.journal(1, 1)} == {""}
    assert {entry.address for entry in people.journal(2, 3)} == {HERE}


def test_the_guess_that_closes_the_door_is_noted(people: Accounts):
    while guess(people, "192.168.0.1"):
        pass
    assert acts(people)[0] == (NAME, "sign-in", "TooManyGuesses")


def test_private_numbers_never_reach_the_journal(store: Store):
    with store._database.write() as connection:
        journal.add(connection, journal.Entry("publish", "李明13812340686", "电话13812340686"), NOON)
    assert "13812340686" not in repr(store.accounts.journal(0, 1))


@pytest.mark.parametrize("statement", ["UPDATE journal_entry SET who = 'x'", "DELETE FROM journal_entry"])
def test_an_entry_can_be_neither_changed_nor_removed(people: Accounts, tmp_path: Path, statement: str):
    with behind(tmp_path / "看板.db") as connection, pytest.raises(sa.exc.DBAPIError, match="immutable"):
        connection.exec_driver_sql(statement)


@only_sqlite
def test_an_entry_cannot_be_replaced(people: Accounts, tmp_path: Path):
    statement = "REPLACE INTO journal_entry SELECT * FROM journal_entry"
    test_an_entry_can_be_neither_changed_nor_removed(people, tmp_path, statement)


@pytest.mark.parametrize("column", [column.name for column in schema.JOURNAL_ENTRY.c])
def test_a_changed_value_of_any_entry_is_found(store: Store, people: Accounts, tmp_path: Path, column: str):
    guess(people, HERE)
    assert store.verify() == ()
    changed = f"{column} + 7" if column == "id" else f"{column} || '0'"
    with tampering(tmp_path / "看板.db") as connection:
        connection.exec_driver_sql(f"UPDATE journal_entry SET {column} = {changed} WHERE id = 1")
    assert store.verify() != ()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE editor SET disabled_at = NULL",
        "UPDATE editor SET name = '旁人'",
        "DELETE FROM editor",
        "INSERT INTO editor (id, key, name, hash, added_at) VALUES (9, '旁人', '旁人', 'x', 'x')",
    ],
)
def test_an_editor_made_or_changed_past_the_commands_is_found(
    store: Store, people: Accounts, tmp_path: Path, statement: str
):
    people.disable(NAME, "测试")
    assert store.verify() == ()
    with behind(tmp_path / "看板.db") as connection:
        connection.exec_driver_sql(statement)
    assert any("编辑名单" in fault for fault in store.verify())


@only_sqlite
def test_a_store_from_before_accounts_takes_them_after_its_migration(store: Store, tmp_path: Path):
    published(store, SMALL, "2025-04-30")
    back_to_schema(tmp_path / "看板.db", 2)
    migrated = opened(tmp_path)
    assert migrated.verify() == ()
    assert held(migrated) == held(store)
    assert migrated.accounts.editors() == ()
    migrated.accounts.add(NAME, PASSWORD, "测试")
    assert migrated.verify() == ()
