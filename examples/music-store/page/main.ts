// The page of the music store: connects the generated client, and shows the view of the address.

import "./styles/main.css";
import { connect } from "./core/answer.js";
import { openChoices } from "./core/choices.js";
import { required } from "./core/dom.js";
import { start } from "./core/router.js";
import { editSettings } from "./forms/settings-form.js";
import { drawIcons } from "./parts/icons.js";
import { startPlayer } from "./parts/player.js";
import { followSearch } from "./parts/search-field.js";
import { albumView } from "./views/album.js";
import { artistView } from "./views/artist.js";
import { artistsView } from "./views/artists.js";
import { frontView } from "./views/front.js";
import { genreView } from "./views/genre.js";
import { genresView } from "./views/genres.js";
import { lostView } from "./views/lost.js";
import { playlistView } from "./views/playlist.js";
import { playlistsView } from "./views/playlists.js";
import { searchView } from "./views/search.js";

connect();
drawIcons(document);
followSearch();
startPlayer();
required("#settings").addEventListener("click", () => void editSettings());
await openChoices();
start({
  routes: [
    { path: /^\/$/, view: (_, query) => frontView(query) },
    { path: /^\/albums\/(\d+)$/, view: ([id]) => albumView(Number(id)) },
    { path: /^\/artists$/, view: () => artistsView() },
    { path: /^\/artists\/(\d+)$/, view: ([id]) => artistView(Number(id)) },
    { path: /^\/genres$/, view: () => genresView() },
    { path: /^\/genres\/(\d+)$/, view: ([id]) => genreView(Number(id)) },
    { path: /^\/playlists$/, view: () => playlistsView() },
    { path: /^\/playlists\/(\d+)$/, view: ([id]) => playlistView(Number(id)) },
    { path: /^\/search$/, view: (_, query) => searchView(query.get("q") ?? "") },
  ],
  otherwise: () => lostView(),
});
