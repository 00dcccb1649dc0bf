//! Game ugq2dinbugq2dinb as it was played: its log, folded.
//!
//! Written by `islands journal export FILE --as-test ugq2dinbugq2dinb`. The log is
//! as the journal has it, and refuses to be changed. `VIEW` is the
//! public view at its end, without the moves: change it into what should be true.

use islands_core::{Event, PublicView, replay};
use islands_journal::maintenance::exported_games;
use serde_json::Value;

const LOG: &str = r#"
{"game":"ugq2dinbugq2dinb","last":1,"of":34,"crc":"ce6df715","record":{"v":1,"at":0,"by":"player1","id":"0","opening":{"listed":false,"rematch":"ljnfuws2ljnfuws2"},"events":[{"game_created":{"name":"Ada"}}]}}
{"game":"ugq2dinbugq2dinb","last":2,"of":34,"crc":"86fff8b6","record":{"v":1,"at":1000,"by":"player2","id":"1","events":[{"player_added":{"name":"Bob"}}]}}
{"game":"ugq2dinbugq2dinb","last":3,"of":34,"crc":"83d20a73","record":{"v":1,"at":2000,"by":"player1","id":"2","events":[{"island_positioned":{"by":"player1","island":"atoll","row":5,"col":3}}]}}
{"game":"ugq2dinbugq2dinb","last":4,"of":34,"crc":"e1f91c25","record":{"v":1,"at":3000,"by":"player1","id":"3","events":[{"island_positioned":{"by":"player1","island":"dot","row":6,"col":5}}]}}
{"game":"ugq2dinbugq2dinb","last":5,"of":34,"crc":"9cf5c216","record":{"v":1,"at":4000,"by":"player1","id":"4","events":[{"island_positioned":{"by":"player1","island":"l_shape","row":6,"col":9}}]}}
{"game":"ugq2dinbugq2dinb","last":6,"of":34,"crc":"c2de6066","record":{"v":1,"at":5000,"by":"player1","id":"5","events":[{"island_positioned":{"by":"player1","island":"s_shape","row":8,"col":3}}]}}
{"game":"ugq2dinbugq2dinb","last":7,"of":34,"crc":"d9bc4049","record":{"v":1,"at":6000,"by":"player1","id":"6","events":[{"island_positioned":{"by":"player1","island":"square","row":7,"col":1}}]}}
{"game":"ugq2dinbugq2dinb","last":8,"of":34,"crc":"f7e44fa1","record":{"v":1,"at":7000,"by":"player2","id":"7","events":[{"islands_positioned":{"by":"player2","islands":[{"island":"atoll","row":8,"col":6},{"island":"dot","row":8,"col":3},{"island":"l_shape","row":7,"col":5},{"island":"s_shape","row":2,"col":1},{"island":"square","row":5,"col":3}]}}]}}
{"game":"ugq2dinbugq2dinb","last":9,"of":34,"crc":"289899b1","record":{"v":1,"at":8000,"by":"player2","id":"8","events":[{"islands_set":{"by":"player2"}}]}}
{"game":"ugq2dinbugq2dinb","last":10,"of":34,"crc":"e454a626","record":{"v":1,"at":9000,"by":"player1","id":"9","events":[{"islands_set":{"by":"player1"}}]}}
{"game":"ugq2dinbugq2dinb","last":11,"of":34,"crc":"27d70cde","record":{"v":1,"at":10000,"by":"player1","id":"10","events":[{"coordinate_guessed":{"by":"player1","row":6,"col":10,"outcome":"miss"}}]}}
{"game":"ugq2dinbugq2dinb","last":12,"of":34,"crc":"1a307c91","record":{"v":1,"at":11000,"by":"player2","id":"11","events":[{"coordinate_guessed":{"by":"player2","row":6,"col":10,"outcome":"miss"}}]}}
{"game":"ugq2dinbugq2dinb","last":13,"of":34,"crc":"8264acfd","record":{"v":1,"at":12000,"by":"player1","id":"12","events":[{"coordinate_guessed":{"by":"player1","row":2,"col":2,"outcome":"hit"}}]}}
{"game":"ugq2dinbugq2dinb","last":14,"of":34,"crc":"39ed98b5","record":{"v":1,"at":13000,"by":"player2","id":"13","events":[{"coordinate_guessed":{"by":"player2","row":2,"col":2,"outcome":"miss"}}]}}
{"game":"ugq2dinbugq2dinb","last":15,"of":34,"crc":"ef8b0e0c","record":{"v":1,"at":14000,"by":"player1","id":"14","events":[{"coordinate_guessed":{"by":"player1","row":2,"col":1,"outcome":"miss"}}]}}
{"game":"ugq2dinbugq2dinb","last":16,"of":34,"crc":"0f384782","record":{"v":1,"at":15000,"by":"player2","id":"15","events":[{"coordinate_guessed":{"by":"player2","row":5,"col":4,"outcome":"hit"}}]}}
{"game":"ugq2dinbugq2dinb","last":17,"of":34,"crc":"ec1d86b8","record":{"v":1,"at":16000,"by":"player1","id":"16","events":[{"coordinate_guessed":{"by":"player1","row":2,"col":3,"outcome":"hit"}}]}}
{"game":"ugq2dinbugq2dinb","last":18,"of":34,"crc":"2164f130","record":{"v":1,"at":17000,"by":"player2","id":"17","events":[{"coordinate_guessed":{"by":"player2","row":4,"col":9,"outcome":"miss"}}]}}
{"game":"ugq2dinbugq2dinb","last":19,"of":34,"crc":"69b25a44","record":{"v":1,"at":18000,"by":"player1","id":"18","events":[{"coordinate_guessed":{"by":"player1","row":3,"col":2,"outcome":"hit"}}]}}
{"game":"ugq2dinbugq2dinb","last":20,"of":34,"crc":"cd957f68","record":{"v":1,"at":19000,"by":"player2","id":"19","events":[{"coordinate_guessed":{"by":"player2","row":8,"col":6,"outcome":"miss"}}]}}
{"game":"ugq2dinbugq2dinb","last":21,"of":34,"crc":"ddf160c6","record":{"v":1,"at":20000,"by":"player1","id":"20","events":[{"coordinate_guessed":{"by":"player1","row":2,"col":4,"outcome":"miss"}}]}}
{"game":"ugq2dinbugq2dinb","last":22,"of":34,"crc":"b4192ed4","record":{"v":1,"at":21000,"by":"player2","id":"21","events":[{"coordinate_guessed":{"by":"player2","row":4,"col":10,"outcome":"miss"}}]}}
{"game":"ugq2dinbugq2dinb","last":23,"of":34,"crc":"cbe1dcfa","record":{"v":1,"at":22000,"by":"player1","id":"22","events":[{"coordinate_guessed":{"by":"player1","row":3,"col":3,"outcome":"miss"}}]}}
{"game":"ugq2dinbugq2dinb","last":24,"of":34,"crc":"31533849","record":{"v":1,"at":23000,"by":"player2","id":"23","events":[{"coordinate_guessed":{"by":"player2","row":7,"col":4,"outcome":"hit"}}]}}
{"game":"ugq2dinbugq2dinb","last":25,"of":34,"crc":"4dc73e97","record":{"v":1,"at":24000,"by":"player1","id":"24","events":[{"coordinate_guessed":{"by":"player1","row":3,"col":1,"outcome":"hit","forested":"s_shape"}}]}}
{"game":"ugq2dinbugq2dinb","last":26,"of":34,"crc":"28076abe","record":{"v":1,"at":25000,"by":"player2","id":"25","events":[{"coordinate_guessed":{"by":"player2","row":7,"col":10,"outcome":"miss"}}]}}
{"game":"ugq2dinbugq2dinb","last":27,"of":34,"crc":"851ac276","record":{"v":1,"at":26000,"by":"player1","id":"26","events":[{"coordinate_guessed":{"by":"player1","row":1,"col":4,"outcome":"miss"}}]}}
{"game":"ugq2dinbugq2dinb","last":28,"of":34,"crc":"baff5a13","record":{"v":1,"at":27000,"by":"player2","id":"27","events":[{"coordinate_guessed":{"by":"player2","row":1,"col":4,"outcome":"miss"}}]}}
{"game":"ugq2dinbugq2dinb","last":29,"of":34,"crc":"881f0427","record":{"v":1,"at":28000,"by":"player1","id":"28","events":[{"coordinate_guessed":{"by":"player1","row":4,"col":7,"outcome":"miss"}}]}}
{"game":"ugq2dinbugq2dinb","last":30,"of":34,"crc":"a35354d8","record":{"v":1,"at":29000,"by":"player2","id":"29","events":[{"coordinate_guessed":{"by":"player2","row":4,"col":1,"outcome":"miss"}}]}}
{"game":"ugq2dinbugq2dinb","last":31,"of":34,"crc":"6b9796ca","record":{"v":1,"at":30000,"by":"player1","id":"30","events":[{"player_resigned":{"by":"player1"}}]}}
{"game":"ugq2dinbugq2dinb","last":32,"of":34,"crc":"d348ff88","record":{"v":1,"at":31000,"by":"player1","id":"31","events":[{"rematch_requested":{"by":"player1"}}]}}
{"game":"ugq2dinbugq2dinb","last":34,"of":34,"crc":"624f1fab","record":{"v":1,"at":32000,"by":"player2","id":"32","events":[{"rematch_requested":{"by":"player2"}},{"rematch_started":{"game":"ljnfuws2ljnfuws2"}}]}}
{"games":1,"events":34}
"#;

const VIEW: &str = r#"
{
  "boards": {"player1":{"atoll":[{"col":3,"row":5},{"col":4,"row":5},{"col":4,"row":6},{"col":3,"row":7},{"col":4,"row":7}],"dot":[{"col":5,"row":6}],"l_shape":[{"col":9,"row":6},{"col":9,"row":7},{"col":9,"row":8},{"col":10,"row":8}],"s_shape":[{"col":4,"row":8},{"col":5,"row":8},{"col":3,"row":9},{"col":4,"row":9}],"square":[{"col":1,"row":7},{"col":2,"row":7},{"col":1,"row":8},{"col":2,"row":8}]},"player2":{"atoll":[{"col":6,"row":8},{"col":7,"row":8},{"col":7,"row":9},{"col":6,"row":10},{"col":7,"row":10}],"dot":[{"col":3,"row":8}],"l_shape":[{"col":5,"row":7},{"col":5,"row":8},{"col":5,"row":9},{"col":6,"row":9}],"s_shape":[{"col":2,"row":2},{"col":3,"row":2},{"col":1,"row":3},{"col":2,"row":3}],"square":[{"col":3,"row":5},{"col":4,"row":5},{"col":3,"row":6},{"col":4,"row":6}]}},
  "forested": {"player1":{},"player2":{"s_shape":[{"col":2,"row":2},{"col":3,"row":2},{"col":1,"row":3},{"col":2,"row":3}]}},
  "moves": [],
  "players": {"player1":{"islands_set":true,"name":"Ada"},"player2":{"islands_set":true,"name":"Bob"}},
  "rematch": ["player1","player2"],
  "seq": 34,
  "state": "game_over",
  "winner": {"player":"player2","reason":"resigned"}
}
"#;

#[test]
fn the_game_ends_as_it_should() {
    let mut games = exported_games(LOG.as_bytes());
    let game = games.next().expect("a game").expect("a sound log");
    assert!(games.next().is_none());
    let events: Vec<Event> = game
        .batches
        .into_iter()
        .flat_map(|batch| batch.events)
        .collect();
    let game = replay(&events).expect("a game by the rules");

    let mut view = PublicView::of(&game);
    view.moves.clear();
    let expected: Value = serde_json::from_str(VIEW).expect("JSON");
    assert_eq!(serde_json::to_value(&view).expect("JSON"), expected);
}
