global using Lowrank.Testing;
