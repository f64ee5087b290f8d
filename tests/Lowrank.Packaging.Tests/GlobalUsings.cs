global using Lowrank;
global using Lowrank.Testing;
