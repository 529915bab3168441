"""The page «Политики и календарь»: the terms as pictures, the year, a calculator of deadlines."""
