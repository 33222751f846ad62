"""The example cycle of Điện Biên 2020: real units, made-up inputs, published figures met."""
