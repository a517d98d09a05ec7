"""Rules of automatic groups: their form, which is that of react-querybuilder, and their evaluation."""
