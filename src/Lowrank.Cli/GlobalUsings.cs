global using System.CommandLine;
global using Lowrank.Torch;
global using Lowrank.Workbench;
