use super::*;

fn game(number: u16) -> GameId {
    let mut bytes = [0; 10];
    bytes[..2].copy_from_slice(&number.to_be_bytes());
    GameId::from_bytes(bytes)
}

fn lobby() -> Lobby {
    Lobby::new(&Endpoint::new())
}

/// The hosts of the games that are shown.
fn shown(lobby: &Lobby) -> Vec<String> {
    lobby.read(|games, _| games.iter().map(|it| it.name.to_owned()).collect())
}

#[test]
fn the_newest_fifty_are_shown_and_the_oldest_of_too_many_is_let_go() {
    let lobby = lobby();
    for number in 0..=1_000 {
        lobby.open(game(number), &number.to_string());
    }
    let expected: Vec<_> = (951..=1_000).rev().map(|it| it.to_string()).collect();
    assert_eq!(shown(&lobby), expected);
    assert_eq!(lobby.0.state.lock().open.len(), MAX_OPEN);
    lobby.close(game(1_000));
    assert_eq!(shown(&lobby)[0], "999");
}

#[tokio::test(start_paused = true)]
async fn a_game_is_open_while_its_host_is_there_and_a_little_longer() {
    let lobby = lobby();
    let lobby_task = tokio::spawn(lobby.clone().run());
    lobby.open(game(1), "Ada");
    let tabs = [lobby.host(game(1), "Ada"), lobby.host(game(1), "Ada")];
    let wait = |seconds| tokio::time::sleep(Duration::from_secs(seconds));
    wait(60).await;
    let [one, two] = tabs;
    drop(one);
    wait(60).await;
    assert_eq!(shown(&lobby), ["Ada"], "the other tab is still there");
    drop(two);
    wait(25).await;
    let back = lobby.host(game(1), "Ada");
    wait(60).await;
    assert_eq!(shown(&lobby), ["Ada"], "the page was only loaded again");
    drop(back);
    wait(35).await;
    assert_eq!(shown(&lobby), [""; 0]);
    lobby_task.abort();
}

#[tokio::test(start_paused = true)]
async fn a_game_whose_host_never_comes_closes_as_well() {
    let lobby = lobby();
    let lobby_task = tokio::spawn(lobby.clone().run());
    lobby.open(game(1), "Ada");
    tokio::time::sleep(Duration::from_secs(35)).await;
    assert_eq!(shown(&lobby), [""; 0]);
    lobby_task.abort();
}

#[tokio::test(start_paused = true)]
async fn a_game_that_was_let_go_and_opened_again_has_all_its_hosts() {
    let lobby = lobby();
    let lobby_task = tokio::spawn(lobby.clone().run());
    let old = lobby.host(game(1), "Ada");
    lobby.close(game(1));
    let _new = lobby.host(game(1), "Ada");
    drop(old);
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(shown(&lobby), ["Ada"]);
    lobby_task.abort();
}

#[tokio::test(start_paused = true)]
async fn a_reader_with_a_newer_count_gets_the_next_broadcast() {
    let lobby = lobby();
    let lobby_task = tokio::spawn(lobby.clone().run());
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let watcher = lobby.count_online(Viewer::Spectator);
    let read = || lobby.read(|_, online| online);
    assert_eq!(read().watchers, 1);
    drop(watcher);
    assert_eq!(
        lobby.0.state.lock().online,
        None,
        "the last count was not told"
    );
    tokio::time::sleep(ONLINE_INTERVAL).await;
    assert_eq!(lobby.0.state.lock().online, Some(Online::default()));
    assert_eq!(read(), Online::default());
    assert_eq!(lobby.0.state.lock().online, Some(Online::default()));
    lobby_task.abort();
}

#[test]
fn players_and_watchers_are_counted() {
    let lobby = lobby();
    let watcher = lobby.count_online(Viewer::Spectator);
    let player = lobby.count_online(Viewer::Player(islands_core::Player::Two));
    let (players, watchers) = (1, 1);
    assert_eq!(lobby.online(), Online { players, watchers });
    drop((watcher, player));
    assert_eq!(lobby.online(), Online::default());
}
