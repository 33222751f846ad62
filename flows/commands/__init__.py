"""The commands of the command line, by what people come for."""
