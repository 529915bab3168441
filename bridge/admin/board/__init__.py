"""The page «Сроки»: every open ticket by how soon what is to be done about it is due."""
