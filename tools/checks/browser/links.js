// Links to a game with surplus characters or changed case.

import assert from "node:assert/strict";
import { newPerson } from "./person.js";

export async function checkDamagedLinks({ browser, url, check, inspect }) {
  const ada = await newPerson(browser, { name: "Ada", seed: 11, url });
  const eve = await newPerson(browser, { name: "Eve", seed: 12, url });
  await ada.begin("Play with a friend");
  const link = new URL(ada.page.url()).pathname;

  await check("a trailing slash in a game link is ignored", async () => {
    await eve.open(`${link}/`);
    await eve.sees("Ada invites you");
  });
  await check("text around a link is reported, and the link is opened", async () => {
    for (const [wrong, extra] of [[`${link}.`, "."], [`${link})`, ")"], [`${link}%E2%80%9D,`, "”,"], [link.replace("/g/", "/g/%3C"), "<"]]) {
      await eve.open(wrong);
      await eve.onScreen("damaged");
      await eve.sees(`“${extra}” is not part of the link.`);
      assert.equal(await eve.page.getByText("capitals").count(), 0);
      await eve.press("link", "Open the game");
      await eve.sees("Ada invites you");
      assert.equal(new URL(eve.page.url()).pathname, link);
    }
  });
  await check("capital letters in a link are reported", async () => {
    await eve.open(`/g/${link.slice(3).toUpperCase()}`);
    await eve.onScreen("damaged");
    await eve.sees("this one has capitals");
    assert.equal(await eve.page.getByText("not part of").count(), 0);
  });
  await inspect(eve, "damaged");
  await check("an unrecoverable link shows no game", async () => {
    for (const wrong of [link.slice(0, -1), `${link}a`, "/g/%FF", "/g/..%2F", `${link.slice(0, -1)}1`]) {
      await eve.open(wrong);
      await eve.sees("There is no such game");
    }
  });
  await ada.page.context().close();
  await eve.page.context().close();
}
