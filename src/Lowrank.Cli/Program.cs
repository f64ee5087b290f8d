return Lowrank.Cli.CommandLine.Run(args);
