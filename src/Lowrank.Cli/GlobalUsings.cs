global using System.CommandLine;
global using Lowrank.Torch;
